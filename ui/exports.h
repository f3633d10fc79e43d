// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "file_picker.h"
#include "models/session.h"
#include "settings.h"

#include <QObject>

class QMenu;
class QWidget;

namespace quantloupe {
struct Exporter;
}

namespace quantloupe::ui {

class ChartPanel;

/// Writes reports and charts to files the user picks, and copies charts.
class Exports : public QObject {
    Q_OBJECT
public:
    Exports(const Session &session, Settings &settings, FilePicker &picker, QWidget &window);

    /// One action per exporter; they are enabled as far as the shown report allows.
    /// Asks for a place and writes the text there.
    void askWhereToWrite(const QString &title, const QString &fileName, const QByteArray &text);
    void fillMenu(QMenu &menu);
    void askWhereToSave(ChartPanel &panel);
    void copy(ChartPanel &panel);
    /// What the shown figures rest on; stands below exported charts.
    QString basis() const;

signals:
    void said(quantloupe::Severity severity, const QString &text);
    void copied();

private:
    void askWhereToExport(const Exporter &exporter);
    QString proposal(const QString &name) const;

    const Session &m_session;
    Settings &m_settings;
    FilePicker &m_picker;
    QWidget &m_window;
};

} // namespace quantloupe::ui
