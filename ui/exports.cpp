// SPDX-License-Identifier: GPL-3.0-or-later
#include "exports.h"

#include "charts/chart_panel.h"
#include "export/chart_file.h"
#include "export/table_csv.h"
#include "jobs/open_job.h"
#include "models/report_text.h"
#include "report/export.h"
#include "text/plain_text.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QMenu>
#include <QPointer>

namespace quantloupe::ui {

Exports::Exports(const Session &session, Settings &settings, FilePicker &picker, QWidget &window)
    : QObject(&window), m_session(session), m_settings(settings), m_picker(picker), m_window(window)
{
}

void Exports::fillMenu(QMenu &menu)
{
    for (const Exporter *exporter : exporters()) {
        const QString name = plainText(exporter->name);
        QAction *action = menu.addAction(tr("%1: %2…").arg(name.toUpper(), plainText(exporter->description)));
        action->setObjectName(QStringLiteral("export") + name);
        action->setEnabled(false);
        connect(action, &QAction::triggered, this, [this, exporter] { askWhereToExport(*exporter); });
        // Somebody else's report is written as it was read; other formats need what was measured here.
        connect(&m_session, &Session::shownChanged, action, [this, action, isTable = name == QLatin1String("csv")] {
            action->setEnabled(!m_session.shown().isEmpty() && (m_session.shown().isMeasured() || isTable));
        });
    }
}

QString Exports::proposal(const QString &name) const
{
    return QDir(m_settings.text(QStringLiteral("folder"))).filePath(name);
}

QString Exports::basis() const
{
    return basisText(m_session.shown(), m_session.subject().get());
}

void Exports::askWhereToExport(const Exporter &exporter)
{
    const auto report = m_session.shown().isMeasured() ? m_session.wholeReport() : nullptr;
    const auto table = m_session.shown().table();
    const QString stem = m_session.subject() ? subjectTitle(*m_session.subject()) : QStringLiteral("report");
    const QString suffix = plainText(exporter.suffix);
    const ErrorKind kind = m_session.kind();
    m_picker.save(m_window, {tr("Export report"), {tr("%1 (*%2)").arg(plainText(exporter.description), suffix)}, proposal(stem + QStringLiteral("_report") + suffix), false},
                  [this, report, table, kind, write = exporter.text](const QStringList &files) {
                      const auto done = writeWhole(pathOf(files.value(0)), report ? write(*report, kind) : csvText(*table));
                      done ? emit said(Severity::Note, tr("Report written to %1").arg(files.value(0))) : emit said(Severity::Problem, plainText(done.error().message()));
                  });
}

void Exports::askWhereToWrite(const QString &title, const QString &fileName, const QByteArray &text)
{
    const QString stem = m_session.subject() ? subjectTitle(*m_session.subject()) + QLatin1Char('-') : QString();
    m_picker.save(m_window, {title, {tr("Comma-separated values (*.csv)")}, proposal(stem + fileName), false}, [this, text](const QStringList &files) {
        const auto done = writeWhole(pathOf(files.value(0)), text.toStdString());
        done ? emit said(Severity::Note, tr("Table written to %1").arg(files.value(0))) : emit said(Severity::Problem, plainText(done.error().message()));
    });
}

void Exports::askWhereToSave(ChartPanel &panel)
{
    QStringList filters;
    for (const ChartFormat &format : chartFormats())
        filters << tr("%1 (*.%2)").arg(format.description, format.suffix);
    const QString stem = (m_session.subject() ? subjectTitle(*m_session.subject()) + QLatin1Char('-') : QString()) + panel.fileStem();
    m_picker.save(m_window, {tr("Save chart"), filters, proposal(stem + QStringLiteral(".png")), false}, [this, chart = QPointer(&panel)](const QStringList &files) {
        if (!chart)
            return;
        const QString error = writeChart(*chart, basis(), files.value(0));
        error.isEmpty() ? emit said(Severity::Note, tr("Chart written to %1").arg(files.value(0))) : emit said(Severity::Problem, error);
    });
}

void Exports::copy(ChartPanel &panel)
{
    QGuiApplication::clipboard()->setImage(chartImage(panel, basis()));
    emit copied();
}

} // namespace quantloupe::ui
