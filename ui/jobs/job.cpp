// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/job.h"

#include <sys/resource.h>

namespace quantloupe::ui {

Job::~Job()
{
    finish();
}

void Job::finish()
{
    m_stop.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

void Job::cancel()
{
    m_stop.request_stop();
}

void Job::abandon()
{
    m_isAbandoned = true;
    cancel();
    if (m_hasEnded)
        deleteLater();
}

void Job::start(std::function<std::function<void()>(std::stop_token)> work)
{
    m_thread = std::thread([this, work = std::move(work), stop = m_stop.get_token()] {
        // Threads inherit it: a run may use every core, and the window still answers first. (Linux keeps it by thread.)
        setpriority(PRIO_PROCESS, 0, 10);
        std::function<void()> deliver = work(stop);
        QMetaObject::invokeMethod(
            this,
            [this, deliver = std::move(deliver)] {
                m_hasEnded = true;
                if (m_isAbandoned) {
                    deleteLater();
                    return;
                }
                deliver();
                emit ended();
            },
            Qt::QueuedConnection);
    });
}

void Job::post(std::function<void()> call)
{
    QMetaObject::invokeMethod(
        this,
        [this, call = std::move(call)] {
            if (!m_isAbandoned)
                call();
        },
        Qt::QueuedConnection);
}

} // namespace quantloupe::ui
