// SPDX-License-Identifier: GPL-3.0-or-later
#include "report_builder.h"

#include "metrics/metric.h"

#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr float kScale = 0.05f;

Histogram bell(double lower, double width, double spread)
{
    Histogram histogram{lower, width, std::vector<std::uint64_t>(256), 0, 0};
    for (int bin = 0; bin < 256; ++bin) {
        const double x = lower + (bin + 0.5) * width;
        histogram.counts[static_cast<std::size_t>(bin)] = static_cast<std::uint64_t>(1000.0 * std::exp(-x * x / (2 * spread * spread)));
    }
    return histogram;
}

ErrorStatistics statisticsOf(double rmseOverScale)
{
    ErrorStatistics statistics;
    statistics.metrics.assign(metrics().size(), 0.25);
    statistics.metrics[static_cast<std::size_t>(metricIndex("rmse/scale"))] = rmseOverScale;
    statistics.errorInLsb = bell(-8.0, 0.0625, rmseOverScale);
    statistics.floatValues = bell(-128 * static_cast<double>(kScale), static_cast<double>(kScale), 1.0);
    statistics.rmseBySample = {0.1f, 0.3f, 0.2f};
    statistics.worstSamples = {{1, 0.3}, {2, 0.2}};
    return statistics;
}

} // namespace

std::vector<RowFacts> threeRows()
{
    return {{"CONV_2D", "features/conv", 0.24, 0.30}, {"UNIDIRECTIONAL_SEQUENCE_LSTM", "lstm", 0.84, 1.40}, {"FULLY_CONNECTED", "logits", 0.38, 0.60, 4}};
}

Report makeReport(const std::vector<RowFacts> &rows)
{
    Report report;
    report.dataset = "made in the test";
    report.samples = report.samplesAsked = 3;
    report.hasLocal = report.hasAccumulated = true;
    for (const RowFacts &facts : rows) {
        TensorComparison row;
        row.op = OperatorIndex(report.rows.size());
        row.tensor = TensorIndex(report.rows.size() + 10);
        row.opName = facts.op;
        row.tensorName = facts.tensor;
        row.shape = Shape{1, facts.elements};
        row.scale = kScale;
        row.floatTensor = row.tensor;
        row.floatTensorName = facts.tensor;
        row.pairedBy = "same name";
        row.confidence = 1.0;
        row.local = statisticsOf(facts.local);
        row.accumulated = statisticsOf(facts.accumulated);
        row.quantizedValues = row.local->floatValues;
        report.rows.push_back(row);
    }
    return report;
}

ReportTable makeTable(const std::vector<RowFacts> &rows)
{
    ReportTable table;
    table.file = "quantization_report.csv";
    table.columns = {"op_name", "num_elements", "scale", "zero_point", "tensor_name", "rmse/scale", "my_note"};
    for (const RowFacts &facts : rows)
        table.rows.push_back({facts.op, std::to_string(facts.elements) + ".0", "0.05", "0", facts.tensor, std::to_string(facts.local), "a note"});
    return table;
}

} // namespace quantloupe::ui
