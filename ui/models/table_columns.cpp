// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/table_columns.h"

#include "metrics/metric.h"
#include "models/verdict.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <array>
#include <cmath>
#include <limits>
#include <string_view>

namespace quantloupe::ui {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<ErrorKind> kindsOf(ShownKinds kinds)
{
    switch (kinds) {
    case ShownKinds::Local: return {ErrorKind::Local};
    case ShownKinds::Accumulated: return {ErrorKind::Accumulated};
    case ShownKinds::Both: break;
    }
    return {ErrorKind::Local, ErrorKind::Accumulated};
}

std::vector<ColumnSpec> measuredColumns(const ShownReport &report, ShownKinds shown)
{
    const auto kinds = kindsOf(shown);
    const int first = verdictMetric();
    std::vector<ColumnSpec> columns{{Column::Number}, {Column::Operator}, {Column::Tensor}, {Column::Verdict}};
    const auto addMetric = [&](int metric) {
        if (isOfTensor(metric))
            columns.push_back({Column::Metric, metric, kinds.front()});
        else
            for (const ErrorKind kind : kinds)
                columns.push_back({Column::Metric, metric, kind});
    };
    if (first >= 0) {
        addMetric(first);
        if (report.hasArchivedBeside())
            columns.push_back({Column::ArchivedMetric, first});
    }
    for (int metric = 0; metric < static_cast<int>(metrics().size()); ++metric)
        if (metric != first && metrics()[static_cast<std::size_t>(metric)]->name != "num_elements") // Column::Elements says it
            addMetric(metric);
    for (const Column column : {Column::Elements, Column::Type, Column::Shape, Column::Scale, Column::ZeroPoint, Column::OperatorIndex, Column::TensorIndex,
                                Column::FloatTensor, Column::PairedBy, Column::Confidence})
        columns.push_back({column});
    for (const ErrorKind kind : kinds)
        columns.push_back({Column::NotFinite, -1, kind});
    columns.push_back({Column::WhyNotCompared});
    return columns;
}

ColumnSpec csvSpec(const std::string &name, int csvColumn)
{
    static constexpr std::array<std::pair<std::string_view, Column>, 4> kKnown{
        {{"num_elements", Column::Elements}, {"scale", Column::Scale}, {"zero_point", Column::ZeroPoint}, {"tensor_idx", Column::TensorIndex}}};
    for (const auto &[known, column] : kKnown)
        if (name == known)
            return {column, -1, ErrorKind::Local, csvColumn};
    const int metric = metricIndex(name);
    if (metric >= 0)
        return {Column::Metric, metric, ErrorKind::Local, csvColumn};
    return {Column::CsvText, -1, ErrorKind::Local, csvColumn};
}

std::vector<ColumnSpec> csvColumns(const ShownReport &report)
{
    const ReportTable &table = *report.table();
    std::vector<ColumnSpec> columns{{Column::Number}, {Column::Operator}};
    if (table.column("tensor_name") >= 0)
        columns.push_back({Column::Tensor});
    const int first = table.column("rmse/scale");
    if (first >= 0) {
        columns.push_back({Column::Verdict});
        columns.push_back(csvSpec("rmse/scale", first));
    }
    for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
        const std::string &name = table.columns[static_cast<std::size_t>(i)];
        if (name != "op_name" && name != "tensor_name" && i != first)
            columns.push_back(csvSpec(name, i));
    }
    if (report.isJoined())
        for (const Column column : {Column::JoinedTensor, Column::JoinedBy, Column::JoinConfidence})
            columns.push_back({column});
    return columns;
}

QVariant csvValue(const ShownReport &report, int row, const ColumnSpec &spec)
{
    if (spec.csvColumn < 0) {
        const JoinedRow &joined = *report.joined(row);
        if (spec.column == Column::JoinConfidence)
            return confidence(joined.rule);
        return spec.column == Column::JoinedTensor ? report.joinedTensor(row) : plainText(name(joined.rule));
    }
    const ReportTable &table = *report.table();
    const auto position = static_cast<std::size_t>(row);
    if (spec.column != Column::CsvText)
        return table.number(position, table.columns[static_cast<std::size_t>(spec.csvColumn)]);
    const QString text = plainText(table.cell(position, spec.csvColumn));
    bool isNumber = false;
    const double number = text.toDouble(&isNumber);
    return isNumber ? QVariant(number) : QVariant(text);
}

QVariant comparisonValue(const TensorComparison &row, const ColumnSpec &spec)
{
    switch (spec.column) {
    case Column::Elements: return static_cast<double>(row.shape.elementCount());
    case Column::Type: return QString::fromUtf8(name(row.type).data(), static_cast<qsizetype>(name(row.type).size()));
    case Column::Shape: return QString::fromStdString(row.shape.text());
    case Column::Scale: return static_cast<double>(row.scale);
    case Column::ZeroPoint: return static_cast<double>(row.zeroPoint);
    case Column::OperatorIndex: return row.op.isValid() ? static_cast<double>(row.op.value) : kNaN;
    case Column::TensorIndex: return row.tensor.isValid() ? static_cast<double>(row.tensor.value) : kNaN;
    case Column::FloatTensor: return plainText(row.floatTensorName);
    case Column::PairedBy: return plainText(row.pairedBy);
    case Column::Confidence: return row.floatTensor.isValid() ? row.confidence : kNaN;
    case Column::NotFinite: return row.statistics(spec.kind) ? static_cast<double>(row.statistics(spec.kind)->notFinite) : kNaN;
    case Column::WhyNotCompared: return plainText(row.whyNotCompared);
    default: return {};
    }
}

bool isCount(Column column)
{
    return column == Column::Number || column == Column::Elements || column == Column::ZeroPoint || column == Column::OperatorIndex
        || column == Column::TensorIndex || column == Column::NotFinite;
}

} // namespace

bool isOfTensor(int metric)
{
    const std::string_view name = metrics()[static_cast<std::size_t>(metric)]->name;
    return name == "range" || name == "num_elements";
}

std::vector<ColumnSpec> columnsOf(const ShownReport &report, ShownKinds kinds)
{
    if (report.isMeasured())
        return measuredColumns(report, kinds);
    return report.table() ? csvColumns(report) : std::vector<ColumnSpec>{};
}

QVariant cellValue(const ShownReport &report, int row, const ColumnSpec &spec)
{
    switch (spec.column) {
    case Column::Number: return static_cast<double>(row + 1);
    case Column::Operator: return report.operatorName(row);
    case Column::Tensor: return report.tensorName(row);
    case Column::Verdict: return rowVerdictText(report, row);
    case Column::Metric: return report.figure(row, spec.metric, spec.kind);
    case Column::ArchivedMetric: return report.archivedFigure(row, spec.metric);
    default: break;
    }
    if (const TensorComparison *comparison = report.comparison(row))
        return comparisonValue(*comparison, spec);
    return csvValue(report, row, spec);
}

QString cellText(const ShownReport &report, int row, const ColumnSpec &spec)
{
    const QVariant value = cellValue(report, row, spec);
    if (value.metaType().id() != QMetaType::Double)
        return value.toString();
    return isCount(spec.column) ? countText(value.toDouble()) : figureText(value.toDouble());
}

bool isNumeric(const ShownReport &report, const ColumnSpec &spec)
{
    return report.rowCount() > 0 && cellValue(report, 0, spec).metaType().id() == QMetaType::Double;
}

QString filterName(const ColumnSpec &spec, const ShownReport &report)
{
    const auto metricName = [&] { return QString::fromUtf8(metrics()[static_cast<std::size_t>(spec.metric)]->name.data(), static_cast<qsizetype>(metrics()[static_cast<std::size_t>(spec.metric)]->name.size())); };
    switch (spec.column) {
    case Column::Number: return QStringLiteral("row");
    case Column::Operator: return QStringLiteral("op");
    case Column::Tensor: return QStringLiteral("tensor");
    case Column::Verdict: return QStringLiteral("verdict");
    case Column::Metric: return spec.kind == ErrorKind::Local || isOfTensor(spec.metric) ? metricName() : QStringLiteral("accumulated.") + metricName();
    case Column::ArchivedMetric: return QStringLiteral("archive.") + metricName();
    case Column::Elements: return QStringLiteral("elements");
    case Column::Type: return QStringLiteral("type");
    case Column::Shape: return QStringLiteral("shape");
    case Column::Scale: return QStringLiteral("scale");
    case Column::ZeroPoint: return QStringLiteral("zero_point");
    case Column::OperatorIndex: return QStringLiteral("operator_idx");
    case Column::TensorIndex: return QStringLiteral("tensor_idx");
    case Column::FloatTensor: return QStringLiteral("float_tensor");
    case Column::PairedBy: return QStringLiteral("paired_by");
    case Column::Confidence: return QStringLiteral("confidence");
    case Column::NotFinite: return spec.kind == ErrorKind::Local ? QStringLiteral("not_finite") : QStringLiteral("accumulated.not_finite");
    case Column::WhyNotCompared: return QStringLiteral("why_not_compared");
    case Column::JoinedTensor: return QStringLiteral("joined_tensor");
    case Column::JoinedBy: return QStringLiteral("joined_by");
    case Column::JoinConfidence: return QStringLiteral("join_confidence");
    case Column::CsvText: break;
    }
    return plainText(report.table()->columns[static_cast<std::size_t>(spec.csvColumn)]);
}

} // namespace quantloupe::ui
