// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/subject.h"

#include <string>

namespace quantloupe {

/// What `inspect` prints: entries, models with operators and tensors, parameters, findings.
std::string inspectionText(const Subject &subject);
/// The same as JSON; docs/inspect-json.md lists the fields.
std::string inspectionJson(const Subject &subject);

} // namespace quantloupe
