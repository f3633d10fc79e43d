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

    /// Passes of their own over the samples of the measured report; null until they were made.
    const std::shared_ptr<const Evaluation> &evaluation() const { return m_evaluation; }
    const std::shared_ptr<const CauseAnalysis> &causes() const { return m_causes; }
    void setEvaluation(std::shared_ptr<const Evaluation> evaluation);
    void setCauses(std::shared_ptr<const CauseAnalysis> causes);
    /// The measured report with these in it, as it is exported.
    std::shared_ptr<const Report> wholeReport() const;

    /// Drops all reports and shows the archive's own when there is one.
    void setSubject(std::shared_ptr<const Subject> subject);
    /// A report of a run, partial or whole, and what was asked for; shown at once.
    void setMeasured(std::shared_ptr<const Report> report, const std::optional<RunSettings> &run = {});
    /// True when `read` is a report alone, and most of its rows are about operators of the open model.
    bool joins(const Subject &read) const;
    /// A report that somebody else made of what is open: stands, and is shown, in the place of the archive's own.
    void setReportTable(std::shared_ptr<const ReportTable> table);
    void show(ReportSource source);
    void setKinds(ShownKinds kinds);

signals:
    void subjectChanged();
    void shownChanged(); ///< the shown report or the kinds of it
    void sourcesChanged();
    void passesChanged(); ///< evaluation or causes
    void tableChanged();  ///< another report of what is open stands in the place of the archive's own

private:
    void refresh();
    void dropPasses();
    void readArchived();

    std::shared_ptr<const Subject> m_subject;
    std::shared_ptr<const Report> m_measured;
    std::optional<RunSettings> m_run;
    std::shared_ptr<const Evaluation> m_evaluation;
    std::shared_ptr<const CauseAnalysis> m_causes;
    ReportSource m_source = ReportSource::Archived;
    ShownKinds m_wantedKinds = ShownKinds::Both;
    ShownKinds m_kinds = ShownKinds::Local;
    ShownReport m_archived; ///< made once: joining many rows to the model takes its time
    ShownReport m_shown;
};

} // namespace quantloupe::ui
