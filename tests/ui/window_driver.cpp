// SPDX-License-Identifier: GPL-3.0-or-later
#include "window_driver.h"

#include "charts/chart_panel.h"
#include "export/chart_file.h"
#include "pages/message_bar.h"
#include "pages/run_bar.h"

#include <QAccessible>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>

namespace quantloupe::ui {
namespace {

constexpr int kPatience = 30000;

QStringList namelessUnder(QAccessibleInterface *node, int depth)
{
    QStringList found;
    if (!node || depth > 40)
        return found;
    const bool isFocusable = node->state().focusable && !node->state().invisible && node->object() && node->object()->isWidgetType();
    if (isFocusable && node->text(QAccessible::Name).isEmpty())
        found << QStringLiteral("%1 %2 in %3").arg(QString::fromLatin1(node->object()->metaObject()->className()), node->object()->objectName(), node->object()->parent() ? node->object()->parent()->objectName() : QString());
    // Cells of tables and trees speak by their text; walking them would only be slow.
    const bool isItems = node->role() == QAccessible::Table || node->role() == QAccessible::Tree || node->role() == QAccessible::List;
    for (int i = 0; !isItems && i < node->childCount(); ++i)
        found << namelessUnder(node->child(i), depth + 1);
    return found;
}

} // namespace

QString sampleFile()
{
    return QStringLiteral(QUANTLOUPE_SOURCE_SAMPLES "/spoken_digits_plain.mltk.zip");
}

QString namelessIn(QWidget &widget)
{
    return namelessUnder(QAccessible::queryAccessibleInterface(&widget), 0).join(QLatin1Char('\n'));
}

WindowDriver::WindowDriver(const char *page) : m_settings(m_folder.filePath(QStringLiteral("settings.ini")))
{
    m_window = std::make_unique<MainWindow>(WindowEnvironment{&m_settings, &m_picker, sampleFile()});
    m_window->show();
    if (page)
        m_window->showPage(QString::fromLatin1(page));
}

WindowDriver::~WindowDriver() = default;

QString WindowDriver::open(const QStringList &files)
{
    QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
    m_window->openFiles(files);
    if (ended.isEmpty() && !ended.wait(kPatience))
        return QStringLiteral("opening does not end");
    return ended.front().front().toBool() ? QString() : m_window->messageBar().text();
}

QString WindowDriver::run(const RunOptions &options)
{
    m_window->runBar().setOptions(options);
    QSignalSpy ended(m_window.get(), &MainWindow::runEnded);
    m_window->run();
    if (ended.isEmpty() && !ended.wait(kPatience))
        return QStringLiteral("the run does not end");
    return ended.front().front().toBool() ? QString() : m_window->messageBar().text();
}

QString WindowDriver::run(std::size_t samples)
{
    RunOptions options;
    options.samples = samples;
    return run(options);
}

QString WindowDriver::settle()
{
    const bool isSettled = QTest::qWaitFor([this] { return !m_window->workspace().currentPage().isBusy(); }, kPatience);
    QTest::qWait(30);
    return isSettled ? QString() : QStringLiteral("the page does not come to rest");
}

QString WindowDriver::selectOperator(const char *name)
{
    const ShownReport &shown = m_window->session().shown();
    for (int row = 0; row < shown.rowCount(); ++row)
        if (shown.operatorName(row) == QLatin1String(name)) {
            m_window->selectRow(row);
            return {};
        }
    return QStringLiteral("no row of %1").arg(QLatin1String(name));
}

QString WindowDriver::chartsAreWhole()
{
    const auto charts = m_window->workspace().currentPage().charts();
    int seen = 0;
    for (const ChartPanel *chart : charts) {
        if (!chart->isVisible())
            continue;
        ++seen;
        if (!chart->isPlotShown())
            return chart->objectName() + QStringLiteral(": nothing is drawn: ") + chart->sentenceInstead();
        if (chart->summary().isEmpty())
            return chart->objectName() + QStringLiteral(": no summary");
        for (const ChartFormat &format : chartFormats()) {
            const QString path = m_folder.filePath(chart->objectName() + QLatin1Char('.') + format.suffix);
            if (const QString error = writeChart(*chart, QStringLiteral("basis"), path); !error.isEmpty())
                return error;
            if (QFileInfo(path).size() < 1000)
                return path + QStringLiteral(" is too small");
        }
    }
    return seen > 0 ? QString() : QStringLiteral("the page shows no chart");
}

void WindowDriver::grab(const char *name)
{
    const QString folder = qEnvironmentVariable("QUANTLOUPE_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QTest::qWait(100);
    m_window->grab().save(folder + QLatin1Char('/') + QString::fromLatin1(name) + QStringLiteral(".png"));
}

} // namespace quantloupe::ui
