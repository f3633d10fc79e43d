// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/evaluate.h"
#include "jobs/job.h"

#include <QString>

#include <memory>

namespace quantloupe::ui {

/// Evaluates both models on the dataset's labels away from the GUI thread. Cancelled, it says nothing.
class EvaluationJob : public Job {
    Q_OBJECT
public:
    EvaluationJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const EvaluationOptions &options, QObject *parent = nullptr);
    ~EvaluationJob() override { finish(); }

signals:
    void progressed(std::size_t done, std::size_t total);
    void finished(std::shared_ptr<const quantloupe::Evaluation> evaluation);
    void failed(const QString &message);

private:
    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Dataset> m_dataset;
    EvaluationOptions m_options;
};

} // namespace quantloupe::ui
