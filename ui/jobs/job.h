// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <functional>
#include <stop_token>
#include <thread>

namespace quantloupe::ui {

/// Work on a thread of its own. Results come back as queued calls to the job, so that they die with it; the thread is
/// joined before the job goes. Nothing but the jobs of this folder knows threads.
class Job : public QObject {
    Q_OBJECT
public:
    ~Job() override;

    void cancel();
    bool isCancelled() const { return m_stop.stop_requested(); }
    /// Cancels, falls silent at once, and goes away by itself when the work has ended.
    void abandon();

signals:
    void ended(); ///< after the last result

protected:
    using QObject::QObject;

    /// Runs `work` on the job's thread; what it returns is called on the GUI thread afterwards.
    void start(std::function<std::function<void()>(std::stop_token)> work);
    /// Asks the work to stop and waits for it. Every job with members of its own calls this first in its destructor: the
    /// thread reads them.
    void finish();
    /// From the job's thread: calls on the GUI thread, or not at all when the job is gone or abandoned.
    void post(std::function<void()> call);

private:
    std::stop_source m_stop;
    bool m_isAbandoned = false;
    bool m_hasEnded = false;
    std::thread m_thread;
};

} // namespace quantloupe::ui
