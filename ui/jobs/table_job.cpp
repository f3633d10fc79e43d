// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/table_job.h"

#include "text/plain_text.h"

#include <QFile>

namespace quantloupe::ui {

TableJob::TableJob(const QString &file, ErrorKind kind, const QString &dataset, const RunOptions &options, QObject *parent) : Job(parent)
{
    const std::filesystem::path path(QFile::encodeName(file).toStdString());
    start([this, path, kind, dataset = dataset.toStdString(), options](std::stop_token stop) -> std::function<void()> {
        const ProgressSink progress = [this](const Progress &p) { post([this, p] { emit progressed(p.done, p.total); }); };
        auto result = dataset.empty() ? readFigureTable(path, kind) : measureFigureTable(path, kind, dataset, options, stop, progress);
        if (result)
            return [this, table = std::make_shared<const FigureTable>(std::move(*result))] { emit finished(table); };
        if (result.error().code == ErrorCode::Cancelled)
            return [] {};
        return [this, message = plainText(result.error().message())] { emit failed(message); };
    });
}

} // namespace quantloupe::ui
