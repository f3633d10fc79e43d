// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/figure_tables.h"

#include "base/file.h"
#include "dataset/dataset.h"
#include "debugger/subject.h"
#include "report/read_report.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

namespace quantloupe {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

bool holdsNumbers(const ReportTable &report, const std::string &column)
{
    for (std::size_t row = 0; row < report.rowCount(); ++row)
        if (!std::isnan(report.number(row, column)))
            return true;
    return false;
}

/// A report of int16 shows by its range: 65535 steps instead of 255.
int bitsOf(const ReportTable &report, std::size_t row)
{
    if (const int type = report.column("type"); type >= 0)
        return report.cell(row, type) == "int16" ? 16 : 8;
    const double steps = report.number(row, "range") / report.number(row, "scale");
    return steps > 256.0 ? 16 : 8;
}

bool looksLikeJson(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    return first != text.npos && text[first] == '{';
}

/// A json's `kind`; where it has not measured it, what it has.
ErrorKind presentKind(const Report &report, ErrorKind kind)
{
    if (kind == ErrorKind::Local ? report.hasLocal : report.hasAccumulated)
        return kind;
    return report.hasLocal ? ErrorKind::Local : ErrorKind::Accumulated;
}

} // namespace

FigureTable figureTable(const ReportTable &report)
{
    FigureTable table;
    table.name = report.file;
    table.error = "local";
    for (const std::string &column : report.columns)
        if (holdsNumbers(report, column))
            table.columns.push_back(column);
    const bool needsRmse = table.column("rmse") < 0 && table.column("mean_squared_error") >= 0;
    const bool needsSteps = table.column("rmse/scale") < 0 && table.column("mean_squared_error") >= 0 && table.column("scale") >= 0;
    for (std::size_t r = 0; r < report.rowCount(); ++r) {
        FigureTable::Row row;
        row.opName = report.cell(r, report.column("op_name"));
        row.tensorName = report.column("tensor_name") < 0 ? "" : report.cell(r, report.column("tensor_name"));
        row.elements = report.number(r, "num_elements");
        row.scale = report.number(r, "scale");
        row.bits = bitsOf(report, r);
        for (const std::string &column : table.columns)
            row.figures.push_back(report.number(r, column));
        const double rmse = std::sqrt(report.number(r, "mean_squared_error"));
        if (needsRmse)
            row.figures.push_back(rmse);
        if (needsSteps) // TensorFlow's debugger writes neither; MLTK adds it
            row.figures.push_back(row.scale > 0.0 ? rmse / row.scale : kNone);
        table.rows.push_back(std::move(row));
    }
    if (needsRmse)
        table.columns.push_back("rmse");
    if (needsSteps)
        table.columns.push_back("rmse/scale");
    return table;
}

Result<FigureTable> readFigureTable(const std::filesystem::path &path, ErrorKind kind)
{
    QL_TRY(const SharedBytes bytes, readWhole(path));
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    if (looksLikeJson(text)) {
        QL_TRY(const Report report, readReportJson(text, path.string()));
        return figureTable(report, presentKind(report, kind), path.string());
    }
    QL_TRY(const Subject subject, openSubject(std::vector{path}));
    if (!subject.archivedReport)
        return fail(ErrorCode::FormatUnknown, {.file = path.string(), .expected = "a quantization_report.csv, a JSON report, or an archive with a report inside (one without has to be run on a dataset)",
                                               .got = "no report"});
    FigureTable table = figureTable(*subject.archivedReport);
    table.name = path.string();
    return table;
}

Result<FigureTable> measureFigureTable(const std::filesystem::path &path, ErrorKind kind, const std::string &dataset, RunOptions options, std::stop_token stop,
                                       const ProgressSink &progress)
{
    const auto subject = openSubject(std::vector{path});
    if (!subject || subject->whyNotComparable())
        return readFigureTable(path, kind);
    options.local = kind == ErrorKind::Local;
    options.accumulated = !options.local;
    QL_TRY(const auto samples, openDataset(dataset, subject->quantizedModel->main(), options.feedback));
    QL_TRY(const auto report, compareModels(*subject, *samples, options, stop, progress));
    if (report->isCancelled)
        return fail(ErrorCode::Cancelled);
    return figureTable(*report, kind, path.string());
}

} // namespace quantloupe
