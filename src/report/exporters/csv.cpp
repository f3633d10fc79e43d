// SPDX-License-Identifier: GPL-3.0-or-later
//
// MLTK's quantization_report.csv, column for column (CRLF, numbers as Python prints them); further columns follow.
#include "metrics/metric.h"
#include "report/csv_cell.h"
#include "report/export.h"
#include "report/number_text.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

double value(const ErrorStatistics &statistics, std::string_view metric)
{
    return statistics.metrics[static_cast<std::size_t>(metricIndex(metric))];
}

std::string heading(bool hasOther, ErrorKind other)
{
    std::string text = "op_name,tensor_idx,num_elements,stddev,mean_error,max_abs_error,mean_squared_error,scale,zero_point,tensor_name,range,rmse/scale";
    for (const Metric *metric : metrics())
        if (!metric->isReportColumn)
            text += fmt::format(",{}", metric->name);
    text += ",op_index,type,shape,float_tensor_name,paired_by,confidence,not_finite";
    for (const Metric *metric : metrics())
        if (hasOther)
            text += fmt::format(",{}_{}", name(other), metric->name);
    return text + "\r\n";
}

std::string rowText(const TensorComparison &row, const ErrorStatistics &statistics, const std::optional<ErrorStatistics> &other, bool hasOther)
{
    std::string text = fmt::format("{},{}", csvCell(row.opName), row.tensor.value);
    for (const std::string_view metric : {"num_elements", "stddev", "mean_error", "max_abs_error", "mean_squared_error"})
        text += "," + numberText(value(statistics, metric));
    text += fmt::format(",{},{},{}", numberText(row.scale), row.zeroPoint, csvCell(row.tensorName));
    text += fmt::format(",{},{}", numberText(value(statistics, "range")), numberText(value(statistics, "rmse/scale")));
    const auto all = metrics();
    for (std::size_t m = 0; m < all.size(); ++m)
        if (!all[m]->isReportColumn)
            text += "," + numberText(statistics.metrics[m]);
    text += fmt::format(",{},{},{},{},{},{},{}", row.op.value, name(row.type), row.shape.text(), csvCell(row.floatTensorName), row.pairedBy, numberText(row.confidence), statistics.notFinite);
    for (std::size_t m = 0; hasOther && m < all.size(); ++m)
        text += "," + (other ? numberText(other->metrics[m]) : "");
    return text + "\r\n";
}

std::string text(const Report &report, ErrorKind kind)
{
    const ErrorKind other = kind == ErrorKind::Local ? ErrorKind::Accumulated : ErrorKind::Local;
    const bool hasOther = other == ErrorKind::Local ? report.hasLocal : report.hasAccumulated;
    std::string csv = heading(hasOther, other);
    for (const TensorComparison &row : report.rows)
        if (const auto &statistics = row.statistics(kind))
            csv += rowText(row, *statistics, row.statistics(other), hasOther);
    return csv;
}

} // namespace

extern const Exporter csv_exporter{"csv", ".csv", "the table in the columns of MLTK's quantization_report.csv", text};

} // namespace quantloupe
