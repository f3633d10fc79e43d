// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/figure_tables.h"
#include "jobs/job.h"

#include <QString>

#include <memory>

namespace quantloupe::ui {

/// Reads a report, or runs an archive, as a table of figures, away from the GUI thread. Cancelled, it only ends.
class TableJob : public Job {
    Q_OBJECT
public:
    /// `dataset` as openDataset() takes it; empty: archives are not run, their own reports are read.
    TableJob(const QString &file, ErrorKind kind, const QString &dataset, const RunOptions &options, QObject *parent = nullptr);
    ~TableJob() override { finish(); }

signals:
    void progressed(std::size_t done, std::size_t total);
    void finished(std::shared_ptr<const quantloupe::FigureTable> table);
    void failed(const QString &message);
};

} // namespace quantloupe::ui
