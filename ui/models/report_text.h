// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/session.h"

#include <QString>

namespace quantloupe::ui {

/// What the shown figures rest on, in one line: whose kernels, state, samples, dataset.
QString basisText(const ShownReport &report, const Subject *subject);
/// Name of a source in the switch: "Archive’s own report", "Measured here".
QString sourceText(ReportSource source, const Session &session);
/// What the subject is, for the window: "spoken_digits".
QString subjectTitle(const Subject &subject);

} // namespace quantloupe::ui
