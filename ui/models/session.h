// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"
#include "debugger/subject.h"
#include "models/shown_report.h"

#include <QObject>

#include <optional>

namespace quantloupe::ui {

/// Which error the pages show.
enum class ShownKinds { Local, Accumulated, Both };
/// Which of the two reports the pages show.
enum class ReportSource { Archived, Measured };

/// What the measured report was asked for: further questions about it are answered from the same samples and settings.
struct RunSettings {
    QString dataset; ///< as openDataset() takes it
    RunOptions options;
    std::shared_ptr<const Dataset> data; ///< as it was opened for the run
};

/// The state all pages share: what was opened, its reports, and what of them is shown.
class Session : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::shared_ptr<const Subject> &subject() const { return m_subject; }
    const ShownReport &shown() const { return m_shown; }
    const std::shared_ptr<const Report> &measured() const { return m_measured; }
    /// Of the measured report; nothing before the first run.
    const std::optional<RunSettings> &runSettings() const { return m_run; }
    ReportSource source() const { return m_source; }
    bool has(ReportSource source) const;
    ShownKinds kinds() const { return m_kinds; }
    /// The kind a page shows that has room for one only.
    ErrorKind kind() const { return m_kinds == ShownKinds::Accumulated ? ErrorKind::Accumulated : ErrorKind::Local; }

    /// Drops all reports and shows the archive's own when there is one.
    void setSubject(std::shared_ptr<const Subject> subject);
    /// A report of a run, partial or whole, and what was asked for; shown at once.
    void setMeasured(std::shared_ptr<const Report> report, const std::optional<RunSettings> &run = {});
    void show(ReportSource source);
    void setKinds(ShownKinds kinds);

signals:
    void subjectChanged();
    void shownChanged(); ///< the shown report or the kinds of it
    void sourcesChanged();

private:
    void refresh();

    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Report> m_measured;
    std::optional<RunSettings> m_run;
    ReportSource m_source = ReportSource::Archived;
    ShownKinds m_wantedKinds = ShownKinds::Both;
    ShownKinds m_kinds = ShownKinds::Local;
    ShownReport m_shown;
};

} // namespace quantloupe::ui
