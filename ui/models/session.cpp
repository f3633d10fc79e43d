// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/session.h"

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
    if (isFirst)
        m_source = ReportSource::Measured;
    emit sourcesChanged();
    if (m_source == ReportSource::Measured)
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
    const auto archived = m_subject ? m_subject->archivedReport : nullptr;
    m_shown = m_source == ReportSource::Measured ? ShownReport(m_measured, archived) : ShownReport(archived);
    m_kinds = m_wantedKinds;
    if (!m_shown.has(ErrorKind::Accumulated))
        m_kinds = ShownKinds::Local;
    else if (!m_shown.has(ErrorKind::Local))
        m_kinds = ShownKinds::Accumulated;
    emit shownChanged();
}

} // namespace quantloupe::ui
