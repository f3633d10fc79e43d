// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/state_job.h"

#include "text/plain_text.h"

namespace quantloupe::ui {

StateJob::StateJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const RunOptions &options, std::size_t samples, QObject *parent)
    : Job(parent), m_subject(std::move(subject)), m_dataset(std::move(dataset)), m_options(options)
{
    m_options.state = options.state == StatePolicy::Reset ? StatePolicy::Carry : StatePolicy::Reset;
    m_options.samples = samples;
    start([this](std::stop_token stop) -> std::function<void()> {
        const auto report = compareModels(*m_subject, *m_dataset, m_options, stop);
        if (!report)
            return [this, message = plainText(report.error().message())] { emit failed(message); };
        if ((*report)->isCancelled)
            return [] {};
        return [this, result = *report] { emit finished(result); };
    });
}

} // namespace quantloupe::ui
