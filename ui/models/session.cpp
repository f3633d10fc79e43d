// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session.h"

#include "report/causes.h"
#include "report/evaluation.h"

namespace quantloupe::ui {

bool Session::has(ReportSource source) const
{
    return source == ReportSource::Measured ? m_measured != nullptr : m_subject && m_subject->archivedReport;
}

void Session::setSubject(std::shared_ptr<const Subject> subject)
{
    m_subject = std::move(subject);
    m_measured.reset();
    m_run.reset();
    dropPasses();
    readArchived();
    m_source = ReportSource::Archived;
    emit subjectChanged();
    emit sourcesChanged();
    refresh();
}

void Session::setMeasured(std::shared_ptr<const Report> report, const std::optional<RunSettings> &run)
{
    const bool isFirst = !m_measured;
    m_measured = std::move(report);
    m_run = run;
    dropPasses();
    if (isFirst)
        m_source = ReportSource::Measured;
    emit sourcesChanged();
    if (m_source == ReportSource::Measured)
        refresh();
}

void Session::dropPasses()
{
    m_evaluation = m_measured ? m_measured->evaluation : nullptr;
    m_causes = m_measured ? m_measured->causes : nullptr;
    emit passesChanged();
}

void Session::setEvaluation(std::shared_ptr<const Evaluation> evaluation)
{
    m_evaluation = std::move(evaluation);
    emit passesChanged();
}

void Session::setCauses(std::shared_ptr<const CauseAnalysis> causes)
{
    m_causes = std::move(causes);
    emit passesChanged();
}

std::shared_ptr<const Report> Session::wholeReport() const
{
    if (!m_measured || (m_measured->evaluation == m_evaluation && m_measured->causes == m_causes))
        return m_measured;
    auto whole = std::make_shared<Report>(*m_measured);
    whole->evaluation = m_evaluation;
    whole->causes = m_causes;
    return whole;
}

void Session::readArchived()
{
    m_archived = m_subject ? ShownReport(m_subject->archivedReport, m_subject->quantizedModel.get()) : ShownReport();
}

bool Session::joins(const Subject &read) const
{
    if (read.quantizedModel || !read.archivedReport || !m_subject || !m_subject->quantizedModel)
        return false;
    const ShownReport joined(read.archivedReport, m_subject->quantizedModel.get());
    return joined.rowCount() > 0 && 2 * joined.surelyJoined() >= joined.rowCount();
}

void Session::setReportTable(std::shared_ptr<const ReportTable> table)
{
    auto subject = std::make_shared<Subject>(*m_subject);
    subject->archivedReport = std::move(table);
    m_subject = std::move(subject);
    readArchived();
    m_source = ReportSource::Archived;
    emit tableChanged();
    emit sourcesChanged();
    refresh();
}

void Session::show(ReportSource source)
{
    if (source == m_source || !has(source))
        return;
    m_source = source;
    emit sourcesChanged();
    refresh();
}

void Session::setKinds(ShownKinds kinds)
{
    m_wantedKinds = kinds;
    refresh();
}

void Session::refresh()
{
    m_shown = m_source == ReportSource::Measured ? ShownReport(m_measured, m_subject ? m_subject->archivedReport : nullptr) : m_archived;
    m_kinds = m_wantedKinds;
    if (!m_shown.has(ErrorKind::Accumulated))
        m_kinds = ShownKinds::Local;
    else if (!m_shown.has(ErrorKind::Local))
        m_kinds = ShownKinds::Accumulated;
    emit shownChanged();
}

} // namespace quantloupe::ui
