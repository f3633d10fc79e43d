// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/open_job.h"

#include "text/plain_text.h"

namespace quantloupe::ui {

std::filesystem::path pathOf(const QString &file)
{
    return std::filesystem::path(file.toStdU16String());
}

OpenJob::OpenJob(const QStringList &files, QObject *parent) : Job(parent)
{
    for (const QString &file : files)
        m_files.push_back(pathOf(file));
    start([this](std::stop_token) -> std::function<void()> {
        Result<Subject> subject = openSubject(m_files);
        if (!subject)
            return [this, message = plainText(subject.error().message())] { emit failed(message); };
        return [this, shared = std::make_shared<const Subject>(std::move(*subject))] { emit opened(shared); };
    });
}

} // namespace quantloupe::ui
