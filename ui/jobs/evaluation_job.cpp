// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/evaluation_job.h"

#include "text/plain_text.h"

namespace quantloupe::ui {
namespace {

/// What is called on the GUI thread for a result: `done` with it, `failed` with a sentence, or nothing when cancelled.
template <typename T, typename Done, typename Failed> std::function<void()> delivery(const Result<T> &result, Done done, Failed failed)
{
    if (result)
        return [done, value = *result] { done(value); };
    if (result.error().code == ErrorCode::Cancelled)
        return [] {};
    return [failed, message = plainText(result.error().message())] { failed(message); };
}

} // namespace

EvaluationJob::EvaluationJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const EvaluationOptions &options, QObject *parent)
    : Job(parent), m_subject(std::move(subject)), m_dataset(std::move(dataset)), m_options(options)
{
    start([this](std::stop_token stop) {
        const ProgressSink progress = [this](const Progress &p) { post([this, p] { emit progressed(p.done, p.total); }); };
        return delivery(evaluateModels(*m_subject, *m_dataset, m_options, stop, progress), [this](const auto &result) { emit finished(result); },
                        [this](const QString &message) { emit failed(message); });
    });
}

} // namespace quantloupe::ui
