// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/progress.h"
#include "base/result.h"
#include "debugger/debugger.h"
#include "formats/report_csv.h"
#include "report/comparison.h"

#include <filesystem>
#include <stop_token>
#include <string>

namespace quantloupe {

/// All columns of a csv report that hold numbers, and rmse where there is none.
FigureTable figureTable(const ReportTable &report);

/// What can be compared without running anything: a csv report, our JSON report (of which `kind`), or an archive with a
/// quantization_report.csv inside. Told apart by content; fails with ReportDamaged or FormatUnknown.
Result<FigureTable> readFigureTable(const std::filesystem::path &path, ErrorKind kind);

/// The same, but an archive whose models can be compared is run, on `dataset` as openDataset() takes it. Fails as compareModels() does, and with Cancelled
/// when stopped.
Result<FigureTable> measureFigureTable(const std::filesystem::path &path, ErrorKind kind, const std::string &dataset, RunOptions options, std::stop_token stop = {},
                                       const ProgressSink &progress = {});

} // namespace quantloupe
