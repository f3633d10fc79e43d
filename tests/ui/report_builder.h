// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/subject.h"
#include "report/report.h"

#include <memory>
#include <string>
#include <vector>

namespace quantloupe::ui {

struct RowFacts {
    std::string op;
    std::string tensor;
    double local;       ///< rmse/scale
    double accumulated; ///< rmse/scale
    std::int32_t elements = 100;
};

/// A report of these rows, with histograms, as a run would have made it.
Report makeReport(const std::vector<RowFacts> &rows);
std::vector<RowFacts> threeRows();

/// A report as it is read from a CSV.
ReportTable makeTable(const std::vector<RowFacts> &rows);

} // namespace quantloupe::ui
