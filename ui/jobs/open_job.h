// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/subject.h"
#include "jobs/job.h"

#include <QStringList>

#include <filesystem>
#include <memory>

namespace quantloupe::ui {

/// Opens an archive, a pair of models or a report away from the GUI thread.
class OpenJob : public Job {
    Q_OBJECT
public:
    explicit OpenJob(const QStringList &files, QObject *parent = nullptr);
    ~OpenJob() override { finish(); }

signals:
    void opened(std::shared_ptr<const quantloupe::Subject> subject);
    void failed(const QString &message);

private:
    std::vector<std::filesystem::path> m_files;
};

std::filesystem::path pathOf(const QString &file);

} // namespace quantloupe::ui
