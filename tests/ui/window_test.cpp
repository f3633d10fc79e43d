// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_panel.h"
#include "charts/operator_chart.h"
#include "charts/plot_view.h"
#include "main_window.h"
#include "pages/message_bar.h"
#include "pages/run_bar.h"
#include "pages/tensor_table_page.h"
#include "pages/tensors_page.h"
#include "report_builder.h"
#include "models/report_text.h"
#include "window_driver.h"
#include "workspace.h"

#include <QChart>
#include <QClipboard>
#include <QDropEvent>
#include <QFile>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

constexpr int kPatience = 30000;

} // namespace

class WindowTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<AnsweringPicker> m_picker;
    std::unique_ptr<MainWindow> m_window;

    QString file(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    void makeWindow()
    {
        m_window = std::make_unique<MainWindow>(WindowEnvironment{m_settings.get(), m_picker.get(), sampleFile()});
        m_window->show();
        m_window->showPage(QStringLiteral("tensors"));
    }

    void openSample()
    {
        QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
        m_window->openFiles({sampleFile()});
        QVERIFY(ended.wait(kPatience));
        QVERIFY2(ended.front().front().toBool(), qPrintable(m_window->messageBar().text()));
    }

    void drop(const QStringList &files)
    {
        QMimeData mime;
        QList<QUrl> urls;
        for (const QString &name : files)
            urls << QUrl::fromLocalFile(name);
        mime.setUrls(urls);
        QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &event);
    }

    QString writeBroken(const char *name)
    {
        QFile broken(file(name));
        broken.open(QIODevice::WriteOnly);
        broken.write("PK\3\4 but not for long");
        return broken.fileName();
    }

    void grab(const char *name)
    {
        // For looking at: QUANTLOUPE_SCREENSHOTS=FOLDER ui_window_test
        const QString folder = qEnvironmentVariable("QUANTLOUPE_SCREENSHOTS");
        if (!folder.isEmpty()) {
            QTest::qWait(100);
            m_window->grab().save(folder + QLatin1Char('/') + QString::fromLatin1(name) + QStringLiteral(".png"));
        }
    }

private slots:
    void init()
    {
        QFile::remove(file("settings.ini"));
        m_settings = std::make_unique<Settings>(file("settings.ini"));
        m_picker = std::make_unique<AnsweringPicker>();
        makeWindow();
    }

    void cleanup() { m_window.reset(); }

    void emptyWindowOffersThreeWaysToBegin()
    {
        for (const char *name : {"openArchiveCard", "openPairCard", "openSampleCard"}) {
            const auto *card = m_window->findChild<QWidget *>(QString::fromLatin1(name));
            QVERIFY2(card && card->isVisible() && card->isEnabled(), name);
        }
        QVERIFY(!m_window->actions().run->isEnabled());
        grab("empty");
    }

    void openingAnArchiveShowsItsOwnReportBeforeAnyRun()
    {
        openSample();
        QVERIFY(m_window->session().shown().rowCount() > 0);
        QVERIFY(!m_window->session().shown().isMeasured());
        const QString basis = basisText(m_window->session().shown(), m_window->session().subject().get());
        QVERIFY2(basis.contains(QStringLiteral("TensorFlow’s default kernels")), qPrintable(basis));
        QVERIFY(m_window->selection().current().operatorName.contains(QStringLiteral("LSTM")));
        grab("loaded");
    }

    void sampleComesWithItsDataset()
    {
        QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
        m_window->actions().openSample->trigger();
        QVERIFY(ended.wait(kPatience));
        QVERIFY(m_window->runBar().dataset().endsWith(QStringLiteral("spoken_digits_plain_debug.npz")));
    }

    void variantsOfAModelShareItsDataset()
    {
        QTemporaryDir folder;
        const QString sample = QStringLiteral(QUANTLOUPE_SOURCE_SAMPLES "/spoken_digits_plain");
        QVERIFY(QFile::copy(sample + QStringLiteral(".mltk.zip"), folder.filePath(QStringLiteral("digits_plain.mltk.zip"))));
        for (const char *name : {"digits_debug.npz", "dig_debug.npz", "digits_other_debug.npz"})
            QVERIFY(QFile::copy(sample + QStringLiteral("_debug.npz"), folder.filePath(QString::fromLatin1(name))));
        QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
        m_window->openFiles({folder.filePath(QStringLiteral("digits_plain.mltk.zip"))});
        QVERIFY(ended.wait(kPatience));
        QCOMPARE(QFileInfo(m_window->runBar().dataset()).fileName(), QStringLiteral("digits_debug.npz"));
    }

    void selectionIsSharedAndSurvivesSortAndFilter()
    {
        openSample();
        TensorTablePage &table = m_window->tensorsPage().table();
        m_window->selectRow(0);
        const RowKey key = m_window->selection().current();
        QVERIFY(table.selectionModel()->isRowSelected(0));
        table.sortByColumn(1, Qt::DescendingOrder);
        QCOMPARE(m_window->selection().current(), key);
        auto *filter = m_window->findChild<QLineEdit *>(QStringLiteral("filter"));
        filter->setText(QStringLiteral("nothing is called like this"));
        QCOMPARE(table.model()->rowCount(), 0);
        QCOMPARE(m_window->selection().current(), key);
        filter->clear();
        QVERIFY(table.selectionModel()->hasSelection());
        table.selectRow(table.model()->rowCount() - 1);
        QVERIFY(m_window->selection().current() != key);
    }

    void clickOnABarSelectsItsRow()
    {
        openSample();
        PlotView &plot = m_window->tensorsPage().operatorChart().plot();
        QTest::qWait(50);
        const QPointF place = plot.chart()->mapToPosition(QPointF(2.0, 0.1));
        QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, place.toPoint());
        QCOMPARE(m_window->session().shown().find(m_window->selection().current()), 2);
        QVERIFY(m_window->tensorsPage().table().selectionModel()->isRowSelected(2));
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(m_window->session().shown().find(m_window->selection().current()), 3);
    }

    void wrongFilterIsExplainedBesideIt()
    {
        openSample();
        auto *filter = m_window->findChild<QLineEdit *>(QStringLiteral("filter"));
        QTest::keyClicks(filter, QStringLiteral("rmse_scale > 1"));
        auto *error = m_window->findChild<QLabel *>(QStringLiteral("filterError"));
        QVERIFY(error->isVisible());
        QVERIFY(error->text().contains(QStringLiteral("rmse_scale")));
        grab("filter-error");
    }

    void hiddenColumnsAndFiltersAreTakenBack()
    {
        openSample();
        TensorTablePage &table = m_window->tensorsPage().table();
        auto *filter = m_window->findChild<QLineEdit *>(QStringLiteral("filter"));
        QVERIFY(!m_window->actions().undo->isEnabled());
        QTest::keyClicks(filter, QStringLiteral("lstm"));
        QTest::keyClick(filter, Qt::Key_Return);
        const int filtered = table.model()->rowCount();
        table.horizontalHeader()->moveSection(0, 2);
        QCOMPARE(table.horizontalHeader()->visualIndex(0), 2);
        m_window->actions().undo->trigger();
        QCOMPARE(table.horizontalHeader()->visualIndex(0), 0);
        m_window->actions().undo->trigger();
        QVERIFY(filter->text().isEmpty());
        QVERIFY(table.model()->rowCount() > filtered);
        m_window->actions().redo->trigger();
        QCOMPARE(filter->text(), QStringLiteral("lstm"));
        QCOMPARE(table.model()->rowCount(), filtered);
        m_window->actions().redo->trigger();
        QCOMPARE(table.horizontalHeader()->visualIndex(0), 2);
        openSample();
        QVERIFY(!m_window->actions().undo->isEnabled());
    }

    void copiedRowsAreTabSeparatedWithTheirColumnNames()
    {
        openSample();
        TensorTablePage &table = m_window->tensorsPage().table();
        m_window->selectRow(0);
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].contains(QStringLiteral("rmse/scale")));
        QCOMPARE(lines[0].count(QLatin1Char('\t')), lines[1].count(QLatin1Char('\t')));
    }

    void brokenFileIsToldInTheWindowAndTheWindowStaysUsable()
    {
        QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
        m_window->openFiles({writeBroken("bad.mltk.zip")});
        QVERIFY(ended.wait(kPatience));
        QVERIFY(!ended.front().front().toBool());
        QVERIFY2(m_window->messageBar().text().contains(QStringLiteral("bad.mltk.zip")), qPrintable(m_window->messageBar().text()));
        QVERIFY(m_window->messageBar().isVisible());
        QVERIFY(!QApplication::activeModalWidget());
        grab("error");
        openSample();
        QVERIFY(!m_window->messageBar().isVisible());
    }

    void brokenFileLeavesTheOpenArchiveAsItIs()
    {
        openSample();
        QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
        m_window->openFiles({writeBroken("bad.mltk.zip")});
        QVERIFY(ended.wait(kPatience));
        QVERIFY(!ended.front().front().toBool());
        QVERIFY(m_window->session().shown().rowCount() > 0);
        grab("error-over-open-archive");
    }

    void runMeasuresAndBothReportsCanBeSwitched()
    {
        openSample();
        RunOptions options;
        options.samples = 4;
        m_window->runBar().setOptions(options);
        QSignalSpy ended(m_window.get(), &MainWindow::runEnded);
        m_window->run();
        QVERIFY(m_window->isRunning());
        QVERIFY(m_window->actions().cancel->isEnabled());
        QVERIFY(ended.wait(kPatience));
        QVERIFY2(ended.front().front().toBool(), qPrintable(m_window->messageBar().text()));
        QVERIFY(m_window->session().shown().isMeasured());
        QCOMPARE(m_window->session().shown().report()->samples, std::size_t(4));
        QVERIFY(m_window->session().shown().hasArchivedBeside());
        for (ChartPanel *chart : m_window->tensorsPage().charts())
            QVERIFY2(chart->isPlotShown(), qPrintable(chart->objectName()));
        grab("measured");
        m_window->actions().showArchived->trigger();
        QVERIFY(!m_window->session().shown().isMeasured());
        m_window->actions().showMeasured->trigger();
        QVERIFY(m_window->session().shown().isMeasured());
        m_window->actions().showAccumulated->trigger();
        QCOMPARE(m_window->session().kind(), ErrorKind::Accumulated);
        grab("accumulated");
        m_window->showPage(QStringLiteral("tensor"));
        grab("tensor");
    }

    void cancelledRunKeepsWhatWasMeasuredAndShowsNoError()
    {
        openSample();
        m_window->setDataset(QStringLiteral("random:100000:1"));
        QSignalSpy ended(m_window.get(), &MainWindow::runEnded);
        m_window->run();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->session().measured() || ended.count() > 0, kPatience);
        grab("running");
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(ended.count() > 0 || ended.wait(kPatience));
        QVERIFY(!m_window->isRunning());
        QVERIFY(m_window->messageBar().text().isEmpty());
        QVERIFY(m_window->session().measured()->isCancelled);
        QVERIFY(m_window->actions().run->isEnabled());
    }

    void closingWhileRunningEndsAtOnce()
    {
        openSample();
        m_window->setDataset(QStringLiteral("random:100000:1"));
        m_window->run();
        QElapsedTimer clock;
        clock.start();
        m_window->close();
        m_window.reset();
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
    }

    void openingAnotherArchiveWhileRunningDropsTheRun()
    {
        openSample();
        m_window->setDataset(QStringLiteral("random:100000:1"));
        m_window->run();
        openSample();
        QVERIFY(!m_window->isRunning());
        QVERIFY(!m_window->session().shown().isMeasured());
        QTest::qWait(300);
        QVERIFY(!m_window->session().measured());
    }

    void wrongDatasetIsTold()
    {
        openSample();
        m_window->setDataset(writeBroken("bad.npz"));
        QSignalSpy ended(m_window.get(), &MainWindow::runEnded);
        m_window->run();
        QVERIFY(ended.wait(kPatience));
        QVERIFY2(m_window->messageBar().text().contains(QStringLiteral("bad.npz")), qPrintable(m_window->messageBar().text()));
        QVERIFY(m_window->actions().run->isEnabled());
    }

    void droppedArchiveAndDatasetAreTaken()
    {
        QSignalSpy ended(m_window.get(), &MainWindow::openEnded);
        const QString dataset = QStringLiteral(QUANTLOUPE_SOURCE_SAMPLES "/spoken_digits_plain_debug.npz");
        drop({dataset, sampleFile()});
        QVERIFY(ended.wait(kPatience));
        QVERIFY(m_window->session().shown().rowCount() > 0);
        QCOMPARE(m_window->runBar().dataset(), dataset);
    }

    void droppedFolderAndTooManyFilesAreExplained()
    {
        drop({m_folder.path()});
        QVERIFY(m_window->messageBar().text().contains(QStringLiteral("folder")));
        drop({writeBroken("a.tflite"), writeBroken("b.tflite"), writeBroken("c.tflite")});
        QVERIFY(m_window->messageBar().text().contains(QLatin1Char('3')));
    }

    void reportAndChartsAreExported()
    {
        openSample();
        m_picker->answer = {file("report.csv")};
        m_window->findChild<QAction *>(QStringLiteral("exportcsv"))->trigger();
        QFile csv(file("report.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QVERIFY(csv.readLine().startsWith("op_name,"));
        m_picker->answer = {file("chart.png")};
        m_window->actions().saveChart->trigger();
        QVERIFY(!QImage(file("chart.png")).isNull());
        QVERIFY(m_picker->asked.proposal.contains(QStringLiteral("spoken_digits_plain")));
    }

    void exportToNowhereIsTold()
    {
        openSample();
        m_picker->answer = {QStringLiteral("/nowhere/chart.png")};
        m_window->actions().saveChart->trigger();
        QVERIFY(m_window->messageBar().text().contains(QStringLiteral("/nowhere/chart.png")));
    }

    void recentFilesAreRememberedAndMissingOnesGreyed()
    {
        m_settings->remember(QStringLiteral("recent/subjects"), file("gone.mltk.zip"));
        makeWindow();
        openSample();
        const auto *recent = m_window->findChild<QMenu *>(QStringLiteral("recentMenu"));
        QCOMPARE(recent->actions().size(), 2);
        QVERIFY(recent->actions().at(0)->isEnabled());
        QVERIFY(!recent->actions().at(1)->isEnabled());
    }

    void damagedSettingsStillStart()
    {
        openSample();
        m_window->close();
        m_window.reset();
        m_settings.reset();
        QFile settings(file("settings.ini"));
        QVERIFY(settings.open(QIODevice::ReadWrite));
        QByteArray content = settings.readAll();
        for (qsizetype i = 40; i < content.size(); i += 17)
            content[i] = static_cast<char>(content[i] ^ 0x11);
        settings.seek(0);
        settings.write(content);
        settings.close();
        m_settings = std::make_unique<Settings>(file("settings.ini"));
        makeWindow();
        openSample();
    }

    void layoutComesBack()
    {
        openSample();
        m_window->findChild<QWidget *>(QStringLiteral("contentsDock"))->hide();
        m_window->close();
        makeWindow();
        openSample();
        QVERIFY(!m_window->findChild<QWidget *>(QStringLiteral("contentsDock"))->isVisible());
        m_window->actions().resetLayout->trigger();
        QVERIFY(m_window->findChild<QWidget *>(QStringLiteral("contentsDock"))->isVisible());
    }

    void everyFocusableWidgetHasAnAccessibleName()
    {
        QCOMPARE(namelessIn(*m_window), QString());
        openSample();
        QCOMPARE(namelessIn(*m_window), QString());
        const auto pages = MainWindow::pageNames();
        for (const QString &page : pages) {
            m_window->showPage(page);
            QCOMPARE(namelessIn(*m_window), QString());
        }
    }

    void everyActionHasAnObjectName()
    {
        const auto actions = m_window->findChildren<QAction *>();
        for (const QAction *action : actions)
            if (!action->isSeparator() && !action->text().isEmpty() && !action->parent()->inherits("QLineEdit") && !action->parent()->inherits("QWidgetTextControl"))
                QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
    }

    void mnemonicsAreUniqueInEveryMenu()
    {
        const auto menus = m_window->menuBar()->findChildren<QMenu *>();
        for (const QMenu *menu : menus) {
            QStringList seen;
            const auto actions = menu->actions();
            for (const QAction *action : actions) {
                const auto at = action->text().indexOf(QLatin1Char('&'));
                if (at < 0 || action->isSeparator())
                    continue;
                const QString key = action->text().mid(at + 1, 1).toLower();
                QVERIFY2(!seen.contains(key), qPrintable(menu->objectName() + QStringLiteral(": ") + action->text()));
                seen << key;
            }
        }
    }

    void shortcutsAreUnique()
    {
        QStringList seen;
        const auto actions = m_window->actions().findChildren<QAction *>();
        for (const QAction *action : actions)
            if (!action->shortcut().isEmpty()) {
                QVERIFY2(!seen.contains(action->shortcut().toString()), qPrintable(action->objectName()));
                seen << action->shortcut().toString();
            }
    }

    void bothThemesAreDrawn()
    {
        openSample();
        m_window->setTheme(Theme::Dark);
        QTRY_VERIFY(isDark(m_window->palette()));
        grab("dark");
        m_window->setTheme(Theme::Light);
        QTRY_VERIFY(!isDark(m_window->palette()));
    }

    void everyPageIsReachedByItsShortcutAndByTurningOver()
    {
        openSample();
        m_window->activateWindow();
        const auto &actions = m_window->actions().pages;
        QSet<const Page *> seen;
        for (int i = 0; i < actions.size(); ++i) {
            QTest::keySequence(m_window.get(), actions[i]->shortcut());
            QVERIFY2(actions[i]->isChecked(), qPrintable(actions[i]->objectName()));
            seen << &m_window->workspace().currentPage();
        }
        QCOMPARE(seen.size(), actions.size());
        QTest::keyClick(m_window.get(), Qt::Key_PageDown, Qt::ControlModifier);
        QVERIFY(actions.front()->isChecked());
        QTest::keyClick(m_window.get(), Qt::Key_PageUp, Qt::ControlModifier);
        QVERIFY(actions.back()->isChecked());
    }

    void chartsOfHiddenPagesAreDrawnWhenTheyAreSeen()
    {
        openSample();
        RunOptions options;
        options.samples = 1;
        m_window->runBar().setOptions(options);
        QSignalSpy ended(m_window.get(), &MainWindow::runEnded);
        m_window->run();
        QVERIFY(ended.wait(kPatience));
        m_window->showPage(QStringLiteral("tensors"));
        m_window->selectRow(1);
        m_window->showPage(QStringLiteral("tensor"));
        const auto charts = m_window->workspace().currentPage().charts();
        for (const ChartPanel *chart : charts)
            QVERIFY2(!chart->isVisible() || chart->isPlotShown() || !chart->sentenceInstead().isEmpty(), qPrintable(chart->objectName()));
        QVERIFY(charts.front()->title().contains(QStringLiteral("#2")));
    }

    void nextPaneMovesTheFocusRound()
    {
        openSample();
        m_window->activateWindow();
        QSet<QWidget *> seen;
        for (int i = 0; i < 12; ++i) {
            m_window->actions().nextPane->trigger();
            seen << QApplication::focusWidget();
        }
        QVERIFY(seen.size() >= 6);
    }

    void smallScreensHaveRoom()
    {
        openSample();
        RunOptions options;
        options.samples = 1;
        m_window->runBar().setOptions(options);
        QSignalSpy ended(m_window.get(), &MainWindow::runEnded);
        m_window->run();
        QVERIFY(ended.wait(kPatience));
        QVERIFY2(m_window->minimumSizeHint().width() <= 1100, qPrintable(QString::number(m_window->minimumSizeHint().width())));
        QVERIFY2(m_window->minimumSizeHint().height() <= 700, qPrintable(QString::number(m_window->minimumSizeHint().height())));
    }
};

QTEST_MAIN(WindowTest)
#include "window_test.moc"
