// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace quantloupe::ui {

/// Draws a report that was written as JSON: every metric over the operators, and the histograms of the operators with the
/// largest rmse/scale, as PNG files in `folder`. Returns why it failed, or nothing. This is what
/// `quantloupe-cli report --png` calls.
QString writeReportCharts(const QString &jsonFile, const QString &folder);

} // namespace quantloupe::ui
