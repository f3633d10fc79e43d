// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "formats/report_csv.h"
#include "report/comparison.h"

#include <filesystem>

namespace quantloupe {

/// All columns of a csv report that hold numbers, and rmse where there is none.
FigureTable figureTable(const ReportTable &report);

/// What can be compared without running anything: a csv report, our JSON report (of which `kind`), or an archive with a
/// quantization_report.csv inside. Told apart by content; fails with ReportDamaged or FormatUnknown.
Result<FigureTable> readFigureTable(const std::filesystem::path &path, ErrorKind kind);

} // namespace quantloupe
