// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/slope_chart.h"
#include "models/column_text.h"
#include "pages/compare_page.h"
#include "pages/linked_table.h"
#include "pages/message_bar.h"
#include "report_builder.h"
#include "window_driver.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QTabBar>
#include <QTest>
#include <QUrl>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

/// A report of three rows as TensorFlow's debugger and MLTK write it, with a metric of somebody's own.
QString writeReport(const QString &path, const QStringList &rmseOverScale)
{
    QFile file(path);
    file.open(QIODevice::WriteOnly);
    file.write("op_name,tensor_idx,num_elements,mean_squared_error,scale,zero_point,tensor_name,rmse/scale,my_metric\r\n");
    const char *operators[] = {"CONV_2D", "UNIDIRECTIONAL_SEQUENCE_LSTM", "FULLY_CONNECTED"};
    for (int row = 0; row < 3; ++row) {
        const double rmse = 0.05 * rmseOverScale[row].toDouble();
        file.write(QStringLiteral("%1,%2,100.0,%3,0.05,0,tensor%2,%4,1.5\r\n").arg(QLatin1String(operators[row])).arg(row).arg(rmse * rmse, 0, 'g', 10).arg(rmseOverScale[row]).toUtf8());
    }
    return path;
}

void drop(WindowDriver &driver, const QStringList &files)
{
    QMimeData mime;
    QList<QUrl> urls;
    for (const QString &file : files)
        urls << QUrl::fromLocalFile(file);
    mime.setUrls(urls);
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&driver.window(), &enter);
    QDropEvent event(QPointF(50, 50), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&driver.window(), &event);
}

QString text(const ComparePage &page, const char *label)
{
    return page.findChild<QLabel *>(QLatin1String(label))->text();
}

} // namespace

class ComparePageTest : public QObject {
    Q_OBJECT

    QString before(const WindowDriver &driver) { return writeReport(driver.file("before.csv"), {QStringLiteral("0.3"), QStringLiteral("9.16"), QStringLiteral("0.4")}); }
    QString after(const WindowDriver &driver) { return writeReport(driver.file("after.csv"), {QStringLiteral("0.3"), QStringLiteral("0.5"), QStringLiteral("0.8")}); }

private slots:
    void saysWhatToDoWhileThereIsOneReportOnly()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.openSample(), QString());
        const auto &page = driver.page<ComparePage>();
        QVERIFY2(page.chart().sentenceInstead().contains(QStringLiteral("Compare with")), qPrintable(page.chart().sentenceInstead()));
        QVERIFY(!page.findChild<QPushButton *>(QStringLiteral("compareSave"))->isEnabled());
        QVERIFY(namelessIn(driver.window()).isEmpty());
    }

    void afterARunTheArchivesOwnReportStandsBefore()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(8), QString());
        auto &page = driver.page<ComparePage>();
        QCOMPARE(page.model().rowCount(), driver->session().shown().rowCount());
        QVERIFY2(text(page, "compareState").contains(QStringLiteral("same model")), qPrintable(text(page, "compareState")));
        QCOMPARE(driver.chartsAreWhole(), QString());
        driver.grab("compare");
    }

    void twoReportsOpenAsBeforeAndAfter()
    {
        WindowDriver driver;
        QCOMPARE(driver.open({before(driver), after(driver)}), QString());
        auto &page = driver.page<ComparePage>();
        QCOMPARE(&driver->workspace().currentPage(), &page);
        QCOMPARE(driver.settle(), QString());
        QVERIFY2(page.model().comparison(), qPrintable(text(page, "compareState")));
        QCOMPARE(page.model().row(1).change, quantloupe::Change::Improved);
        QCOMPARE(page.model().row(1).valueBefore, 9.16);
        QCOMPARE(page.model().row(2).change, quantloupe::Change::Regressed);
        auto *lists = page.findChild<QTabBar *>(QStringLiteral("compareLists"));
        const auto *table = page.findChild<LinkedTable *>();
        QCOMPARE(table->model()->rowCount(), 3);
        lists->setCurrentIndex(1);
        QCOMPARE(lists->tabText(1), QStringLiteral("regressed (1)"));
        QCOMPARE(table->model()->rowCount(), 1);
        QCOMPARE(table->model()->index(0, ComparisonModel::Operator).data().toString(), QStringLiteral("FULLY_CONNECTED"));
        QVERIFY(!lists->isTabEnabled(4));
        lists->setCurrentIndex(0);
        QTest::mouseClick(page.findChild<QPushButton *>(QStringLiteral("compareSwap")), Qt::LeftButton);
        QCOMPARE(page.model().row(1).change, quantloupe::Change::Regressed);
        driver.grab("compare-files");
    }

    void aMetricOfSomebodysOwnCanBeJudgedBy()
    {
        WindowDriver driver;
        QCOMPARE(driver.open({before(driver), after(driver)}), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<ComparePage>();
        auto *metric = page.findChild<QComboBox *>(QStringLiteral("compareMetric"));
        QVERIFY(metric->findText(QStringLiteral("my_metric")) >= 0);
        QVERIFY(metric->findText(QStringLiteral("tensor_idx")) < 0);
        metric->setCurrentText(QStringLiteral("my_metric"));
        emit metric->activated(metric->currentIndex());
        QCOMPARE(page.model().comparison()->count(quantloupe::Change::Same), std::size_t(3));
        QVERIFY2(page.chart().title().startsWith(QStringLiteral("my_metric")), qPrintable(page.chart().title()));
    }

    void aReportDroppedOnThePageStandsBeforeWhatIsOpen()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.open({after(driver)}), QString());
        driver->showPage(QStringLiteral("compare"));
        drop(driver, {before(driver)});
        QCOMPARE(driver.settle(), QString());
        const auto &page = driver.page<ComparePage>();
        QVERIFY(page.model().comparison());
        QCOMPARE(page.findChild<QComboBox *>(QStringLiteral("compareBefore"))->currentText(), QStringLiteral("before.csv"));
        QCOMPARE(page.model().row(1).change, quantloupe::Change::Improved);
    }

    void theMenuAsksForTheOtherReport()
    {
        WindowDriver driver;
        QCOMPARE(driver.open({after(driver)}), QString());
        driver.picker().answer = {before(driver)};
        driver->actions().compareWith->trigger();
        QCOMPARE(driver.settle(), QString());
        QCOMPARE(&driver->workspace().currentPage(), &driver.page<ComparePage>());
        QCOMPARE(driver.page<ComparePage>().model().row(2).change, quantloupe::Change::Regressed);
    }

    void anArchiveIsRunOnTheSamplesOfTheLastRun()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        auto &page = driver.page<ComparePage>();
        page.compareWith(sampleFile());
        QVERIFY(page.isBusy());
        QCOMPARE(driver.settle(), QString());
        QVERIFY2(page.model().comparison(), qPrintable(text(page, "compareState")));
        QCOMPARE(page.model().comparison()->count(quantloupe::Change::Same), static_cast<std::size_t>(page.model().rowCount()));
        for (int row = 0; row < page.model().rowCount(); ++row)
            QCOMPARE(page.model().row(row).valueBefore, page.model().row(row).valueAfter);
        QVERIFY2(text(page, "compareState").contains(QStringLiteral("run on")), qPrintable(text(page, "compareState")));
    }

    void anArchiveIsRunAgainAfterAnotherRun()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.openSample(), QString());
        auto &page = driver.page<ComparePage>();
        page.compareWith(sampleFile());
        QCOMPARE(driver.settle(), QString());
        QVERIFY2(text(page, "compareState").contains(QStringLiteral("as it was read")), qPrintable(text(page, "compareState")));
        RunOptions options;
        options.samples = 3;
        options.state = StatePolicy::Carry;
        QCOMPARE(driver.run(options), QString());
        QCOMPARE(driver.settle(), QString());
        QVERIFY2(text(page, "compareState").contains(QStringLiteral("run on")), qPrintable(text(page, "compareState")));
        QCOMPARE(page.model().comparison()->count(quantloupe::Change::Same), static_cast<std::size_t>(page.model().rowCount()));
    }

    void aClickOnALineSelectsEverywhere()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        auto &page = driver.page<ComparePage>();
        driver->selectRow(0);
        int lstm = 0;
        while (!page.model().label(lstm).contains(QStringLiteral("LSTM")))
            ++lstm;
        SlopeLines &lines = page.chart().lines();
        QTest::mouseClick(&lines, Qt::LeftButton, {}, lines.endOf(lstm).toPoint() - QPoint(2, 0));
        QVERIFY2(driver->selection().current().operatorName.contains(QStringLiteral("LSTM")), qPrintable(driver->selection().current().operatorName));
        QCOMPARE(page.findChild<LinkedTable *>()->chosen(), lstm);
        driver->selectRow(2);
        QCOMPARE(page.model().row(page.findChild<LinkedTable *>()->chosen()).after, 2);
    }

    void aFileThatIsNoReportIsExplained()
    {
        WindowDriver driver("compare");
        QCOMPARE(driver.openSample(), QString());
        QFile broken(driver.file("broken.csv"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("not,a,report\r\n1,2,3\r\n");
        broken.close();
        auto &page = driver.page<ComparePage>();
        page.compareWith(broken.fileName());
        QCOMPARE(driver.settle(), QString());
        QVERIFY2(text(page, "compareState").contains(QStringLiteral("op_name")), qPrintable(text(page, "compareState")));
        QVERIFY(!page.model().comparison());
    }

    void theTableIsSaved()
    {
        WindowDriver driver;
        QCOMPARE(driver.open({before(driver), after(driver)}), QString());
        QCOMPARE(driver.settle(), QString());
        driver.picker().answer = {driver.file("difference.csv")};
        QTest::mouseClick(driver.page<ComparePage>().findChild<QPushButton *>(QStringLiteral("compareSave")), Qt::LeftButton);
        QFile written(driver.file("difference.csv"));
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readLine().startsWith("op_name,tensor_name,"));
        QVERIFY(written.readAll().contains("improved"));
    }

    void aReportOfTheOpenModelIsJoinedToItAndAnotherOpensAlone()
    {
        WindowDriver driver("tensors");
        QCOMPARE(driver.openSample(), QString());
        driver.picker().answer = {driver.file("own.csv")};
        driver->findChild<QAction *>(QStringLiteral("exportcsv"))->trigger();
        QCOMPARE(driver.open({driver.file("own.csv")}), QString());
        QVERIFY(driver->session().subject()->quantizedModel);
        QCOMPARE(driver->session().shown().surelyJoined(), driver->session().shown().rowCount());
        QVERIFY2(driver->messageBar().text().contains(QStringLiteral("joined")), qPrintable(driver->messageBar().text()));
        const auto columns = columnsOf(driver->session().shown(), ShownKinds::Local);
        QCOMPARE(columns.back().column, Column::JoinConfidence);
        QCOMPARE(cellValue(driver->session().shown(), 0, columns.back()).toDouble(), 1.0);
        QCOMPARE(driver.open({before(driver)}), QString());
        QVERIFY(!driver->session().subject()->quantizedModel);
    }

    void everyColumnOfAReportIsExplainedWithItsTrap()
    {
        WindowDriver driver;
        QCOMPARE(driver.open({before(driver)}), QString());
        const ShownReport &shown = driver->session().shown();
        for (const ColumnSpec &spec : columnsOf(shown, ShownKinds::Local)) {
            const QString explanation = columnExplanation(spec, shown);
            QVERIFY2(explanation.size() > 20, qPrintable(filterName(spec, shown)));
            if (filterName(spec, shown) == QLatin1String("my_metric"))
                QVERIFY2(explanation.contains(QStringLiteral("mean of maxima")), qPrintable(explanation));
            if (filterName(spec, shown) == QLatin1String("tensor_idx"))
                QVERIFY2(explanation.contains(QStringLiteral("do not join")), qPrintable(explanation));
        }
    }

    void modelIsSound()
    {
        ComparisonModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const FigureTable table = figureTable(makeReport(threeRows()), ErrorKind::Local, "a report");
        model.set(std::make_shared<const Comparison>(compareTables(table, table, "rmse/scale")));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, ComparisonModel::Verdict).data().toString(), QStringLiteral("same"));
        model.set(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(ComparePageTest)
#include "compare_page_test.moc"
