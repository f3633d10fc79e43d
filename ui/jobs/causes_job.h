// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/causes.h"
#include "jobs/job.h"

#include <QString>

#include <memory>

namespace quantloupe::ui {

/// Takes the errors of operators apart away from the GUI thread. Cancelled, it only ends.
class CausesJob : public Job {
    Q_OBJECT
public:
    CausesJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const CauseOptions &options, QObject *parent = nullptr);
    ~CausesJob() override { finish(); }

signals:
    void progressed(std::size_t done, std::size_t total);
    void partialReady(std::shared_ptr<const quantloupe::CauseAnalysis> analysis);
    void finished(std::shared_ptr<const quantloupe::CauseAnalysis> analysis);
    void failed(const QString &message);

private:
    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Dataset> m_dataset;
    CauseOptions m_options;
};

} // namespace quantloupe::ui
