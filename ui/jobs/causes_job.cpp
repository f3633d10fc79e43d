// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/causes_job.h"

#include "text/plain_text.h"

namespace quantloupe::ui {

CausesJob::CausesJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const CauseOptions &options, QObject *parent)
    : Job(parent), m_subject(std::move(subject)), m_dataset(std::move(dataset)), m_options(options)
{
    start([this](std::stop_token stop) -> std::function<void()> {
        const ProgressSink progress = [this](const Progress &p) { post([this, p] { emit progressed(p.done, p.total); }); };
        const CauseSink partial = [this](std::shared_ptr<const CauseAnalysis> analysis) { post([this, analysis] { emit partialReady(analysis); }); };
        const auto result = analyseCauses(*m_subject, *m_dataset, m_options, stop, progress, partial);
        if (result)
            return [this, analysis = *result] { emit finished(analysis); };
        if (result.error().code == ErrorCode::Cancelled)
            return [] {};
        return [this, message = plainText(result.error().message())] { emit failed(message); };
    });
}

} // namespace quantloupe::ui
