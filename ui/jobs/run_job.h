// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"
#include "jobs/job.h"

#include <QElapsedTimer>
#include <QString>

#include <memory>
#include <mutex>

namespace quantloupe::ui {

/// Opens the dataset and compares the two models of a subject away from the GUI thread. A cancelled run is neither a
/// success nor a failure: `cancelled` brings what was measured until then.
class RunJob : public Job {
    Q_OBJECT
public:
    RunJob(std::shared_ptr<const Subject> subject, const QString &dataset, const RunOptions &options, QObject *parent = nullptr);
    ~RunJob() override { finish(); }

signals:
    void datasetOpened(std::shared_ptr<const quantloupe::Dataset> dataset); ///< before the first figures
    /// `secondsLeft` is negative while nothing is known about it.
    void progressed(std::size_t done, std::size_t total, double secondsLeft);
    void partialReady(std::shared_ptr<const quantloupe::Report> report);
    void finished(std::shared_ptr<const quantloupe::Report> report);
    void cancelled(std::shared_ptr<const quantloupe::Report> report); ///< null when nothing was measured yet
    void failed(const QString &message);

private:
    std::function<void()> run(std::stop_token stop);
    std::function<void()> failure(const Error &error);
    void tell(const Progress &progress);
    void show(std::shared_ptr<const Report> partial);

    std::shared_ptr<const Subject> m_subject;
    std::string m_dataset;
    RunOptions m_options;
    QElapsedTimer m_clock;
    std::mutex m_mutex;
    std::shared_ptr<const Report> m_partial; ///< the newest that the window has not taken yet; guarded by m_mutex
};

} // namespace quantloupe::ui
