// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/batch_comparer.h"
#include "debugger/row_plan.h"
#include "report/report.h"

#include <map>
#include <memory>
#include <vector>

namespace quantloupe {

/// Reduces batches to averages in sample order, whatever order they come in, so that a report does not depend on the
/// number of threads. Memory does not grow with the number of samples.
class ReportBuilder {
public:
    ReportBuilder(std::shared_ptr<const RowPlan> plan, Report heading, const RunOptions &options);

    void add(BatchSums batch);
    std::size_t samples() const { return m_nextSample; }

    /// The report of the samples reduced so far.
    std::shared_ptr<Report> report(const std::vector<RowHistograms> &histograms) const;

private:
    /// Sum and count of a per-sample figure, NaN left out.
    struct Average {
        double sum = 0.0;
        std::size_t count = 0;
        double value() const;
    };
    struct Row {
        std::vector<Average> metrics; ///< in the order of metrics(); empty for those that follow from averages
        std::uint64_t notFinite = 0;
        std::vector<float> rmseBySample;
        std::vector<RankedSample> worst;
    };

    void reduce(const BatchSums &batch);
    void reduceSample(Row &row, std::size_t sample, const ErrorSums &sums);
    ErrorStatistics statistics(std::size_t row, ErrorKind kind, const RowHistograms &histograms) const;

    std::shared_ptr<const RowPlan> m_plan;
    Report m_heading;
    RunOptions m_options;
    std::vector<Row> m_rows; ///< [row][kind]
    std::map<OperatorIndex, RnnSums> m_rnn;
    std::size_t m_nextSample = 0;
    std::map<std::size_t, BatchSums> m_waiting; ///< by first sample
};

} // namespace quantloupe
