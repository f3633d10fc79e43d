// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"
#include "jobs/job.h"

#include <memory>

namespace quantloupe::ui {

/// Repeats a run with the other state policy, away from the GUI thread. Cancelled, it says nothing.
class StateJob : public Job {
    Q_OBJECT
public:
    StateJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const RunOptions &options, std::size_t samples, QObject *parent = nullptr);
    ~StateJob() override { finish(); }

signals:
    void finished(std::shared_ptr<const quantloupe::Report> report);
    void failed(const QString &message);

private:
    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Dataset> m_dataset;
    RunOptions m_options;
};

} // namespace quantloupe::ui
