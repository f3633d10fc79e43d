// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/run_job.h"

#include "text/plain_text.h"

namespace quantloupe::ui {

RunJob::RunJob(std::shared_ptr<const Subject> subject, const QString &dataset, const RunOptions &options, QObject *parent)
    : Job(parent), m_subject(std::move(subject)), m_dataset(dataset.toStdString()), m_options(options)
{
    m_clock.start();
    start([this](std::stop_token stop) { return run(stop); });
}

std::function<void()> RunJob::run(std::stop_token stop)
{
    if (const auto why = m_subject->whyNotComparable())
        return failure(*why);
    const auto dataset = openDataset(m_dataset, m_subject->quantizedModel->main(), m_options.feedback);
    if (!dataset)
        return failure(dataset.error());
    post([this, opened = *dataset] { emit datasetOpened(opened); });
    const auto report = compareModels(
        *m_subject, **dataset, m_options, stop, [this](const Progress &progress) { post([this, progress] { tell(progress); }); },
        [this](std::shared_ptr<const Report> partial) { show(std::move(partial)); });
    if (!report)
        return failure(report.error());
    if ((*report)->isCancelled)
        return [this, result = *report] { emit cancelled(result); };
    return [this, result = *report] { emit finished(result); };
}

std::function<void()> RunJob::failure(const Error &error)
{
    if (error.code == ErrorCode::Cancelled)
        return [this] { emit cancelled(nullptr); };
    return [this, message = plainText(error.message())] { emit failed(message); };
}

/// Where the window cannot follow it gets the newest report, not a queue of old ones.
void RunJob::show(std::shared_ptr<const Report> partial)
{
    {
        const std::lock_guard lock(m_mutex);
        const bool isOnItsWay = m_partial != nullptr;
        m_partial = std::move(partial);
        if (isOnItsWay)
            return;
    }
    post([this] {
        std::shared_ptr<const Report> newest;
        {
            const std::lock_guard lock(m_mutex);
            newest = std::move(m_partial);
            m_partial.reset();
        }
        emit partialReady(newest);
    });
}

void RunJob::tell(const Progress &progress)
{
    const double elapsed = static_cast<double>(m_clock.elapsed()) / 1000.0;
    const bool isKnown = progress.done > 0 && elapsed > 0.3;
    const double left = elapsed / static_cast<double>(std::max<std::size_t>(progress.done, 1)) * static_cast<double>(progress.total - progress.done);
    emit progressed(progress.done, progress.total, isKnown ? left : -1.0);
}

} // namespace quantloupe::ui
