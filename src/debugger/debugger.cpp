// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/debugger.h"

#include "debugger/advice_rule.h"
#include "debugger/batch_comparer.h"
#include "debugger/dataset_range.h"
#include "debugger/finding_rule.h"
#include "debugger/report_builder.h"
#include "debugger/row_plan.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <thread>

namespace quantloupe {
namespace {

ModelSummary summarize(const Model &model)
{
    return {model.file, std::string(name(kindOf(model))), model.fileSize, model.main().operators.size(), model.main().tensors.size()};
}

std::size_t threadsFor(const RunOptions &options)
{
    return options.threads == 0 ? std::max(1u, std::thread::hardware_concurrency()) : options.threads;
}

Report heading(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::size_t samples)
{
    Report report;
    report.floatModel = summarize(*subject.floatModel);
    report.quantizedModel = summarize(*subject.quantizedModel);
    report.dataset = dataset.description();
    report.samplesAsked = samples;
    report.state = options.state;
    report.kernels = options.kernels;
    report.hasLocal = options.local;
    report.hasAccumulated = options.accumulated;
    report.findings = subject.findings;
    std::ranges::move(datasetRangeFindings(*subject.quantizedModel, dataset, samples), std::back_inserter(report.findings));
    return report;
}

/// Hands batches to threads in order and takes their results; says when to show a partial report.
class Run {
public:
    Run(std::shared_ptr<const RowPlan> plan, const Subject &subject, const Dataset &dataset, const RunOptions &options, std::size_t samples)
        : m_plan(std::move(plan)), m_samples(samples), m_batch(options.state == StatePolicy::Carry ? 1 : m_plan->quantized->maxBatch()),
          m_builder(m_plan, heading(subject, dataset, options, samples), options)
    {
        // `carry` must see the samples in order.
        const std::size_t batches = (samples + m_batch - 1) / m_batch;
        const std::size_t threads = options.state == StatePolicy::Carry ? 1 : std::clamp<std::size_t>(threadsFor(options), 1, std::max<std::size_t>(batches, 1));
        for (std::size_t i = 0; i < threads; ++i)
            m_comparers.push_back(std::make_unique<BatchComparer>(m_plan, dataset, options));
    }

    Result<std::shared_ptr<Report>> operator()(std::stop_token stop, const ProgressSink &progress, const PartialReportSink &partial)
    {
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 1; i < m_comparers.size(); ++i)
                threads.emplace_back([&, i] { work(*m_comparers[i], stop, {}, {}); });
            work(*m_comparers.front(), stop, progress, partial); // this thread works too, and is the one that tells
        }
        if (m_error)
            return fail(*m_error);
        auto report = m_builder.report(mergedHistograms());
        report->isCancelled = m_builder.samples() < m_samples;
        if (progress)
            progress({m_builder.samples(), m_samples});
        return report;
    }

private:
    using Clock = std::chrono::steady_clock;

    void work(BatchComparer &comparer, std::stop_token stop, const ProgressSink &progress, const PartialReportSink &partial)
    {
        auto told = Clock::now();
        auto shown = told;
        while (!stop.stop_requested()) {
            std::size_t first = 0;
            {
                std::unique_lock lock(m_mutex);
                // Nobody runs far ahead of the reduction, so that what waits for it stays small.
                m_reduced.wait(lock, [&] { return m_error || m_next < m_builder.samples() + 4 * m_comparers.size() * m_batch; });
                if (m_error || m_next >= m_samples)
                    return;
                first = m_next;
                m_next += m_batch;
            }
            auto sums = comparer.compare(first, std::min(m_batch, m_samples - first));
            std::size_t done = 0;
            {
                const std::lock_guard lock(m_mutex);
                if (sums)
                    m_builder.add(std::move(*sums));
                else if (!m_error)
                    m_error = sums.error();
                done = m_builder.samples();
            }
            m_reduced.notify_all();
            const auto now = Clock::now();
            if (progress && now - told > std::chrono::milliseconds(50)) {
                told = now;
                progress({done, m_samples});
            }
            if (partial && now - shown > std::chrono::milliseconds(300)) {
                showPartial(partial);
                shown = Clock::now();
            }
        }
    }

    void showPartial(const PartialReportSink &partial)
    {
        const auto histograms = mergedHistograms();
        std::shared_ptr<Report> report;
        {
            const std::lock_guard lock(m_mutex);
            report = m_builder.report(histograms);
        }
        report->isPartial = true;
        partial(std::move(report));
    }

    std::vector<RowHistograms> mergedHistograms() const
    {
        auto merged = m_comparers.front()->histograms();
        for (std::size_t i = 1; i < m_comparers.size(); ++i) {
            const auto other = m_comparers[i]->histograms();
            for (std::size_t row = 0; row < merged.size(); ++row)
                merged[row].merge(other[row]);
        }
        return merged;
    }

    std::shared_ptr<const RowPlan> m_plan;
    std::size_t m_samples;
    std::size_t m_batch;
    std::vector<std::unique_ptr<BatchComparer>> m_comparers; ///< one per thread

    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_reduced;
    ReportBuilder m_builder;
    std::size_t m_next = 0;
    std::optional<Error> m_error;
};

/// What the run shows and what its figures advise, behind what was known before.
void addFindings(Report &report, const Subject &subject, const Dataset &dataset, const RunOptions &options, std::stop_token stop)
{
    std::ranges::move(findingsOf(RunFacts{subject, dataset, options, report, stop}), std::back_inserter(report.findings));
    std::ranges::move(adviceFor({*subject.quantizedModel, *subject.floatModel, report, inputStatistics(dataset, report.samples)}), std::back_inserter(report.findings));
}

} // namespace

Result<std::shared_ptr<const Report>> compareModels(const Subject &subject, const Dataset &dataset, const RunOptions &options, std::stop_token stop,
                                                    const ProgressSink &progress, const PartialReportSink &partial)
{
    if (const auto why = subject.whyNotComparable())
        return fail(*why);
    const std::size_t samples = options.samples == 0 ? dataset.sampleCount() : std::min(options.samples, dataset.sampleCount());
    // Few samples are shared by threads rather than run at once; of how many threads there are, sums must know nothing.
    constexpr std::size_t kThreads = 8;
    const std::size_t batch = options.state == StatePolicy::Carry ? 1 : std::min(kMostSamplesAtOnce, samples / kThreads + 1);
    QL_TRY(auto plan, planRows(subject.floatModel, subject.quantizedModel, options.kernels, batch, subject.pairing.get(), options.feedback));
    if (samples == 0)
        return fail(ErrorCode::DatasetMismatch, {.file = dataset.description(), .expected = "at least 1 sample", .got = "none"});
    QL_TRY(auto report, Run(std::move(plan), subject, dataset, options, samples)(stop, progress, partial));
    if (!report->isCancelled && options.findings)
        addFindings(*report, subject, dataset, options, stop);
    return report;
}

} // namespace quantloupe
