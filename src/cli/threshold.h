// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "cli/console.h"
#include "report/report.h"

#include <string>
#include <vector>

namespace quantloupe {

/// "rmse/scale>1" or "sqnr<20".
struct Threshold {
    std::string text;
    std::size_t metric = 0;
    bool isAbove = true;
    double value = 0.0;
};

Result<std::vector<Threshold>> parseThresholds(const std::vector<std::string> &texts);

/// Says every row that passes a threshold. Rows without a figure (NaN) pass none.
bool anyPassed(Console &console, const Report &report, ErrorKind kind, const std::vector<Threshold> &thresholds);

} // namespace quantloupe
