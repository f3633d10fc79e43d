// SPDX-License-Identifier: GPL-3.0-or-later
#include "script.h"

#include "pages/message_bar.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QSaveFile>
#include <QTextStream>
#include <QTimer>

namespace quantloupe::ui {
namespace {

/// Layouts, polish and resize events of a fresh window are through after a few turns of the event loop.
constexpr int kSettleMilliseconds = 250;

void complain(const QString &text)
{
    QTextStream(stderr) << "quantloupe: " << text << Qt::endl;
}

} // namespace

Script::Script(const CommandLine &line, MainWindow &window) : QObject(&window), m_line(line), m_window(window)
{
    connect(&window, &MainWindow::openEnded, this, &Script::afterOpening);
    connect(&window, &MainWindow::runEnded, this, &Script::afterRunning);
}

void Script::start()
{
    m_window.setDataset(m_line.dataset);
    if (m_line.files.isEmpty())
        finish(true);
    else
        m_window.openFiles(m_line.files);
}

void Script::afterOpening(bool isOpen)
{
    m_window.setDataset(m_line.dataset);
    if (isOpen && m_line.isRun)
        m_window.run();
    else
        finish(isOpen);
}

void Script::afterRunning(bool isMeasured)
{
    finish(isMeasured);
}

void Script::finish(bool isFine)
{
    disconnect(&m_window, nullptr, this, nullptr);
    if (m_line.selectedRow > 0)
        m_window.selectRow(m_line.selectedRow - 1);
    m_window.showPage(m_line.page);
    if (!m_line.screenshot.isEmpty())
        QTimer::singleShot(kSettleMilliseconds, this, [this, isFine] { write(isFine); });
    else
        deleteLater();
}

void Script::write(bool isFine)
{
    QSaveFile file(m_line.screenshot);
    const bool isWritten = file.open(QIODevice::WriteOnly) && m_window.grab().save(&file, "PNG") && file.commit();
    if (!isWritten)
        complain(tr("%1 cannot be written: %2").arg(m_line.screenshot, file.errorString()));
    if (!isFine)
        complain(m_window.messageBar().text());
    QCoreApplication::exit(isWritten && isFine ? 0 : 3);
}

} // namespace quantloupe::ui
