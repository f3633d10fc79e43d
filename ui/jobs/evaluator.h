// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "jobs/evaluation_job.h"
#include "models/session.h"

#include <QObject>

namespace quantloupe::ui {

/// Evaluates both models for all pages that show something of it: on the dataset and with the settings of the last run, once, when the first of them asks. What
/// comes of it lies in the session.
class Evaluator : public QObject {
    Q_OBJECT
public:
    explicit Evaluator(Session &session, QObject *parent = nullptr);

    /// There is a whole run whose samples can be used, and no evaluation under way.
    bool canStart() const;
    /// The run's dataset has labels.
    bool hasLabels() const;
    bool isBusy() const { return m_job != nullptr; }
    /// Begins, even when it was tried before.
    void start();
    /// Begins unless it was tried since the last run.
    void startOnce();
    int percent() const { return m_percent; }
    QString failure() const { return m_failure; } ///< why the last one failed; empty otherwise

signals:
    void changed(); ///< begun, further on, ended, or another run

private:
    void drop();
    void followSession();

    Session &m_session;
    EvaluationJob *m_job = nullptr;
    std::shared_ptr<const Report> m_report; ///< that the evaluation belongs to
    bool m_isTried = false;                 ///< of m_report: a dataset without labels is not asked twice
    int m_percent = 0;
    QString m_failure;
};

} // namespace quantloupe::ui
