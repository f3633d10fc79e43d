// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/study.h"
#include "jobs/job.h"

#include <QString>

#include <memory>

namespace quantloupe::ui {

/// Looks closely at one row of the measured report away from the GUI thread. Cancelled, it says nothing.
class StudyJob : public Job {
    Q_OBJECT
public:
    StudyJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const RunOptions &options, std::size_t row, QObject *parent = nullptr);
    ~StudyJob() override { finish(); }

signals:
    void finished(std::shared_ptr<const quantloupe::TensorStudy> study);
    void failed(const QString &message);

private:
    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Dataset> m_dataset;
    RunOptions m_options;
    std::size_t m_row;
};

/// The same for one sample.
class SampleJob : public Job {
    Q_OBJECT
public:
    SampleJob(std::shared_ptr<const Subject> subject, std::shared_ptr<const Dataset> dataset, const RunOptions &options, std::size_t sample, QObject *parent = nullptr);
    ~SampleJob() override { finish(); }

signals:
    void finished(std::shared_ptr<const quantloupe::SampleStudy> study);
    void failed(const QString &message);

private:
    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Dataset> m_dataset;
    RunOptions m_options;
    std::size_t m_sample;
};

} // namespace quantloupe::ui
