// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/evaluator.h"

#include "report/evaluation.h"

#include <algorithm>

namespace quantloupe::ui {

Evaluator::Evaluator(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&session, &Session::shownChanged, this, &Evaluator::followSession);
    connect(&session, &Session::sourcesChanged, this, &Evaluator::followSession);
    connect(&session, &Session::subjectChanged, this, &Evaluator::followSession);
}

void Evaluator::followSession()
{
    if (m_session.measured() == m_report)
        return;
    drop();
    m_report = m_session.measured();
    m_isTried = m_session.evaluation() != nullptr;
    m_failure.clear();
    emit changed();
}

bool Evaluator::canStart() const
{
    return m_session.measured() && !m_session.measured()->isPartial && m_session.runSettings() && m_session.runSettings()->data && !m_job;
}

bool Evaluator::hasLabels() const
{
    const auto &run = m_session.runSettings();
    return run && run->data && !run->data->labels().empty();
}

void Evaluator::drop()
{
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
}

void Evaluator::startOnce()
{
    if (!m_isTried)
        start();
}

void Evaluator::start()
{
    followSession();
    if (!canStart())
        return;
    const RunSettings &run = *m_session.runSettings();
    EvaluationOptions options;
    options.state = run.options.state;
    options.kernels = run.options.kernels;
    options.threads = run.options.threads;
    options.samples = run.options.samples;
    m_job = new EvaluationJob(m_session.subject(), run.data, options, this);
    m_isTried = true;
    m_percent = 0;
    m_failure.clear();
    connect(m_job, &EvaluationJob::progressed, this, [this](std::size_t done, std::size_t total) {
        m_percent = static_cast<int>(100 * done / std::max<std::size_t>(total, 1));
        emit changed();
    });
    connect(m_job, &EvaluationJob::finished, this, [this](std::shared_ptr<const Evaluation> evaluation) { m_session.setEvaluation(std::move(evaluation)); });
    connect(m_job, &EvaluationJob::failed, this, [this](const QString &message) { m_failure = message; });
    connect(m_job, &EvaluationJob::ended, this, [this] {
        drop();
        emit changed();
    });
    emit changed();
}

} // namespace quantloupe::ui
