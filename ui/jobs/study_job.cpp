// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/study_job.h"

#include "text/plain_text.h"

#include <array>

namespace quantloupe::ui {
namespace {

/// What is called on the GUI thread for a result: `done` with its value, `failed` with a sentence, or nothing when it was
/// cancelled.
template <typename T, typename Done, typename Failed> std::function<void()> delivery(Result<T> result, Done done, Failed failed)
{
    if (result)
        return [done, shared = std::make_shared<const T>(std::move(*result))] { done(shared); };
    if (result.error().code == ErrorCode::Cancelled)
        return [] {};
    return [failed, message = plainText(result.error().message())] { failed(message); };
}

} // namespace

StudyJob::StudyJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const RunOptions &options, std::size_t row, QObject *parent)
    : Job(parent), m_subject(std::move(subject)), m_dataset(std::move(dataset)), m_options(options), m_row(row)
{
    start([this](std::stop_token stop) {
        const auto study = [&]() -> Result<TensorStudy> {
            const std::array rows{m_row};
            QL_TRY(auto studies, studyTensors(*m_subject, *m_dataset, m_options, rows, stop));
            return std::move(studies.front());
        };
        return delivery(study(), [this](const auto &result) { emit finished(result); }, [this](const QString &message) { emit failed(message); });
    });
}

SampleJob::SampleJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const RunOptions &options, std::size_t sample, QObject *parent)
    : Job(parent), m_subject(std::move(subject)), m_dataset(std::move(dataset)), m_options(options), m_sample(sample)
{
    start([this](std::stop_token stop) {
        return delivery(studySample(*m_subject, *m_dataset, m_options, m_sample, stop), [this](const auto &result) { emit finished(result); }, [this](const QString &message) { emit failed(message); });
    });
}

} // namespace quantloupe::ui
