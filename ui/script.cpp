// SPDX-License-Identifier: GPL-3.0-or-later
#include "script.h"

#include "pages/message_bar.h"
#include "workspace.h"

#include <QCoreApplication>
#include <QDir>
#include <QPixmap>
#include <QSaveFile>
#include <QTextStream>
#include <QTimer>

namespace quantloupe::ui {
namespace {

/// Layouts, polish and resize events of a fresh window are through after a few turns of the event loop.
constexpr int kSettleMilliseconds = 250;
/// What a page works out for itself is waited for, but not for ever.
constexpr int kMostWaits = 240;

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
    if (m_line.selectedSample >= 0)
        m_window.selection().selectSample(static_cast<std::size_t>(m_line.selectedSample));
    m_window.showPage(m_line.page);
    if (!m_line.screenshot.isEmpty())
        m_pictures << Picture{m_line.page, m_line.screenshot};
    if (!m_line.screenshotFolder.isEmpty() && !QDir().mkpath(m_line.screenshotFolder))
        complain(tr("%1 cannot be made").arg(m_line.screenshotFolder));
    for (const QString &page : m_line.screenshotFolder.isEmpty() ? QStringList() : MainWindow::pageNames())
        m_pictures << Picture{page, QDir(m_line.screenshotFolder).filePath(page + QStringLiteral(".png"))};
    m_pictures.isEmpty() ? deleteLater() : drawNext(isFine);
}

void Script::drawNext(bool isFine)
{
    if (m_pictures.isEmpty()) {
        if (!isFine)
            complain(m_window.messageBar().text());
        QCoreApplication::exit(m_isWritten && isFine ? 0 : 3);
        return;
    }
    m_window.showPage(m_pictures.front().page);
    QTimer::singleShot(kSettleMilliseconds, this, [this, isFine] { write(isFine); });
}

void Script::write(bool isFine)
{
    if (m_window.workspace().currentPage().isBusy() && m_waited++ < kMostWaits) {
        QTimer::singleShot(kSettleMilliseconds, this, [this, isFine] { write(isFine); });
        return;
    }
    QSaveFile file(m_pictures.front().file);
    if (!file.open(QIODevice::WriteOnly) || !m_window.grab().save(&file, "PNG") || !file.commit()) {
        m_isWritten = false;
        complain(tr("%1 cannot be written: %2").arg(file.fileName(), file.errorString()));
    }
    m_pictures.removeFirst();
    drawNext(isFine);
}

} // namespace quantloupe::ui
