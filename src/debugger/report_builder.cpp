// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/report_builder.h"

#include "report/number_text.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe {

ReportBuilder::ReportBuilder(std::shared_ptr<const RowPlan> plan, Report heading, const RunOptions &options)
    : m_plan(std::move(plan)), m_heading(std::move(heading)), m_options(options), m_rows(m_plan->rows.size() * kErrorKinds)
{
    m_heading.rows = emptyRows(*m_plan);
    m_heading.leftOut = m_plan->leftOut;
    for (Row &row : m_rows)
        row.metrics.resize(metrics().size());
}

double ReportBuilder::Average::value() const
{
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

void ReportBuilder::add(BatchSums batch)
{
    m_waiting.emplace(batch.firstSample, std::move(batch));
    for (auto next = m_waiting.find(m_nextSample); next != m_waiting.end(); next = m_waiting.find(m_nextSample)) {
        reduce(next->second);
        m_nextSample += next->second.samples;
        m_waiting.erase(next);
    }
}

void ReportBuilder::reduce(const BatchSums &batch)
{
    for (std::size_t row = 0; row < m_plan->rows.size(); ++row)
        for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated})
            for (std::size_t sample = 0; sample < batch.samples; ++sample)
                if (const ErrorSums &sums = batch.at(row, kind, sample); sums.count + sums.notFinite > 0)
                    reduceSample(m_rows[row * kErrorKinds + static_cast<std::size_t>(kind)], batch.firstSample + sample, sums);
    for (const auto &[op, sums] : batch.rnn)
        m_rnn[op].merge(sums);
}

void ReportBuilder::reduceSample(Row &row, std::size_t sample, const ErrorSums &sums)
{
    const auto all = metrics();
    for (std::size_t m = 0; m < all.size(); ++m) {
        if (!all[m]->ofSample)
            continue;
        const double value = all[m]->ofSample(sums);
        if (std::isnan(value))
            continue;
        row.metrics[m].sum += value;
        ++row.metrics[m].count;
    }
    row.notFinite += sums.notFinite;
    const double rmse = sums.count == 0 ? std::numeric_limits<double>::quiet_NaN() : std::sqrt(sums.diffSquared / static_cast<double>(sums.count));
    if (row.rmseBySample.size() < ErrorStatistics::kMaxSamplesListed)
        row.rmseBySample.push_back(static_cast<float>(rmse));
    if (std::isnan(rmse))
        return;
    // Largest first; of equals the earlier sample.
    const auto place = std::ranges::upper_bound(row.worst, rmse, std::greater<>(), &RankedSample::rmse);
    if (static_cast<std::size_t>(place - row.worst.begin()) >= ErrorStatistics::kMaxWorstSamples)
        return;
    row.worst.insert(place, {sample, rmse});
    if (row.worst.size() > ErrorStatistics::kMaxWorstSamples)
        row.worst.pop_back();
}

ErrorStatistics ReportBuilder::statistics(std::size_t row, ErrorKind kind, const RowHistograms &histograms) const
{
    const auto all = metrics();
    const PlannedRow &planned = m_plan->rows[row];
    const Row &reduced = m_rows[row * kErrorKinds + static_cast<std::size_t>(kind)];
    const Metric::Averages averages{
        .meanSquaredError = reduced.metrics[static_cast<std::size_t>(metricIndex("mean_squared_error"))].value(),
        .scale = decimalValue(m_heading.rows[row].scale), // as MLTK: from the decimal text of the scale
        .codes = static_cast<double>(planned.codes.max - planned.codes.min),
    };
    ErrorStatistics result;
    for (std::size_t m = 0; m < all.size(); ++m)
        result.metrics.push_back(all[m]->ofSample ? reduced.metrics[m].value() : all[m]->ofAverages(averages));
    result.notFinite = reduced.notFinite;
    result.errorInLsb = histograms.errors[static_cast<std::size_t>(kind)].errorInLsb.histogram();
    result.floatValues = histograms.errors[static_cast<std::size_t>(kind)].floatValues.histogram(planned.grid);
    result.rmseBySample = reduced.rmseBySample;
    result.worstSamples = reduced.worst;
    return result;
}

std::shared_ptr<Report> ReportBuilder::report(const std::vector<RowHistograms> &histograms) const
{
    auto report = std::make_shared<Report>(m_heading);
    report->samples = m_nextSample;
    for (std::size_t row = 0; row < report->rows.size(); ++row) {
        TensorComparison &comparison = report->rows[row];
        for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated})
            if (!m_rows[row * kErrorKinds + static_cast<std::size_t>(kind)].rmseBySample.empty())
                (kind == ErrorKind::Local ? comparison.local : comparison.accumulated) = statistics(row, kind, histograms[row]);
        comparison.quantizedValues = histograms[row].codes.histogram(m_plan->rows[row].grid);
    }
    const Subgraph &graph = m_plan->quantized->graph();
    for (const auto &[op, sums] : m_rnn) {
        RnnTrace trace = sums.trace();
        trace.op = op;
        trace.tensor = graph.op(op).outputs.front();
        trace.opName = graph.op(op).name;
        trace.name = graph.tensor(trace.tensor).name;
        if (const auto unrolled = std::ranges::find(m_plan->unrolled, op, &UnrolledRecurrence::op); unrolled != m_plan->unrolled.end()) {
            trace.opName = unrolled->title();
            trace.operators = unrolled->operators;
            if (!unrolled->name.empty())
                trace.name = unrolled->name;
        }
        report->rnn.push_back(std::move(trace));
    }
    return report;
}

} // namespace quantloupe
