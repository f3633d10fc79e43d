// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/cause_chart.h"
#include "charts/legend.h"
#include "pages/causes_page.h"
#include "pages/linked_table.h"
#include "pages/row_table.h"
#include "window_driver.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QTest>

#include <numeric>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

/// Two operators of a report of two rows; of the first most is rounding, and clipping makes up for a part.
std::shared_ptr<const CauseAnalysis> twoOperators()
{
    auto analysis = std::make_shared<CauseAnalysis>();
    analysis->samples = 4;
    for (const int tensor : {11, 10}) {
        OperatorCauses op;
        op.op = OperatorIndex(tensor - 10);
        op.tensor = TensorIndex(tensor);
        op.rmse = 0.02;
        op.localRmse = 0.015;
        op.scale = 0.05;
        op.idealRounding = 0.0144;
        op.outputRmse = 0.01;
        op.causes[static_cast<std::size_t>(Cause::Rounding)] = {0.9, 0.019, 0.006};
        op.causes[static_cast<std::size_t>(Cause::Inputs)] = {0.3, 0.011, 0.016};
        op.causes[static_cast<std::size_t>(Cause::Clipping)] = {-0.2, 0.008, 0.022};
        analysis->operators.push_back(op);
    }
    return analysis;
}

ShownReport twoRows()
{
    auto report = std::make_shared<Report>();
    for (const int tensor : {10, 11}) {
        TensorComparison row;
        row.tensor = TensorIndex(tensor);
        row.opName = "CONV_2D";
        row.tensorName = "conv" + std::to_string(tensor);
        report->rows.push_back(row);
    }
    return ShownReport(report);
}

} // namespace

class CausesPageTest : public QObject {
    Q_OBJECT

private slots:
    void needsARunFirst()
    {
        WindowDriver driver("causes");
        QCOMPARE(driver.openSample(), QString());
        auto &page = driver.page<CausesPage>();
        QVERIFY(!page.isBusy());
        QVERIFY(!page.findChild<QPushButton *>(QStringLiteral("causesStart"))->isEnabled());
        QVERIFY2(page.chart().sentenceInstead().contains(QStringLiteral("Run")), qPrintable(page.chart().sentenceInstead()));
    }

    void takesAllOperatorsApartWhenSeenTheSelectedOneFirst()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(8), QString());
        QCOMPARE(driver.selectOperator("FULLY_CONNECTED"), QString());
        auto &page = driver.page<CausesPage>();
        QVERIFY(!page.isBusy());
        QList<int> rows;
        connect(&page.model(), &QAbstractItemModel::modelReset, this, [&] { rows << page.model().rowCount(); });
        driver->showPage(QStringLiteral("causes"));
        QVERIFY(page.isBusy());
        QCOMPARE(driver.settle(), QString());
        QVERIFY(rows.size() >= 2);
        QCOMPARE(rows.front(), 1);
        QCOMPARE(rows.back(), driver->session().shown().rowCount());
        QVERIFY(driver->session().causes());
        QCOMPARE(driver->session().wholeReport()->causes, driver->session().causes());
        QVERIFY(!page.findChild<QWidget *>(QStringLiteral("causesSamples"))->hasFocus());
        QCOMPARE(driver.chartsAreWhole(), QString());
        QVERIFY2(page.chart().summary().contains(QStringLiteral("LSTM")), qPrintable(page.chart().summary()));
        for (int row = 0; row < page.model().rowCount(); ++row) {
            double sum = 0.0;
            for (const CauseShare &share : page.model().causes(row).causes)
                sum += share.share;
            QVERIFY(page.model().causes(row).rmse == 0.0 || std::abs(sum - 1.0) < 1e-9);
        }
        QVERIFY(namelessIn(driver.window()).isEmpty());
        driver.grab("causes");
    }

    void aClickSelectsEverywhereAndTheSelectionIsExplained()
    {
        WindowDriver driver("causes");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<CausesPage>();
        CauseBars &bars = page.chart().bars();
        driver->selectRow(0);
        QTest::mouseClick(bars.viewport(), Qt::LeftButton, {}, bars.placeOf(1).center().toPoint());
        QCOMPARE(driver->selection().current(), page.model().key(1));
        QCOMPARE(page.findChild<LinkedTable *>()->chosen(), 1);
        QVERIFY(page.findChild<QLabel *>(QStringLiteral("causeExplanation"))->text().startsWith(page.model().label(1)));
        QTest::keyClick(&bars, Qt::Key_Down);
        QCOMPARE(driver->selection().current(), page.model().key(2));
        driver->selectRow(0);
        QCOMPARE(page.findChild<LinkedTable *>()->chosen(), page.model().find(driver->session().shown().key(0)));
        QTest::keyClick(&bars, Qt::Key_Return);
        QVERIFY(&driver->workspace().currentPage() != &page);
    }

    void stoppedItKeepsWhatItHasAndDoesNotStartAgain()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        driver->setDataset(QStringLiteral("random:4000:1"));
        QCOMPARE(driver.run(2), QString());
        auto &page = driver.page<CausesPage>();
        page.findChild<QWidget *>(QStringLiteral("causesSamples"))->setProperty("value", 4000);
        driver->showPage(QStringLiteral("causes"));
        QVERIFY(page.isBusy());
        QTest::mouseClick(page.findChild<QPushButton *>(QStringLiteral("causesStop")), Qt::LeftButton);
        QCOMPARE(driver.settle(), QString());
        QVERIFY(!driver->session().causes());
        QVERIFY(page.findChild<QLabel *>(QStringLiteral("causesState"))->text().startsWith(QStringLiteral("Stopped")));
        driver->showPage(QStringLiteral("overview"));
        driver->showPage(QStringLiteral("causes"));
        QVERIFY(!page.isBusy());
        QVERIFY(page.findChild<QPushButton *>(QStringLiteral("causesStart"))->isEnabled());
    }

    void anotherRunDropsTheAnalysis()
    {
        WindowDriver driver("causes");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        QCOMPARE(driver.settle(), QString());
        QVERIFY(driver->session().causes());
        driver->showPage(QStringLiteral("overview"));
        QCOMPARE(driver.run(3), QString());
        QVERIFY(!driver->session().causes());
        QCOMPARE(driver.page<CausesPage>().model().rowCount(), 0);
    }

    void theTableIsSavedAsTheCommandLineWritesIt()
    {
        WindowDriver driver("causes");
        QCOMPARE(driver.openSample(), QString());
        auto *save = driver.page<CausesPage>().findChild<QPushButton *>(QStringLiteral("causesSave"));
        QVERIFY(!save->isEnabled());
        QCOMPARE(driver.run(2), QString());
        QCOMPARE(driver.settle(), QString());
        driver.picker().answer = {driver.file("causes.csv")};
        QTest::mouseClick(save, Qt::LeftButton);
        QFile written(driver.file("causes.csv"));
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readLine().startsWith("op_index,tensor_idx,op_name,tensor_name,output_rmse"));
        QVERIFY(written.readLine().contains(",UNIDIRECTIONAL_SEQUENCE_LSTM,"));
    }

    void modelIsSound()
    {
        CausesModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.set(twoOperators(), twoRows());
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.label(0), QStringLiteral("#2 CONV_2D"));
        QCOMPARE(model.tensorName(1), QStringLiteral("conv10"));
        QCOMPARE(model.index(0, CausesModel::LargestCause).data().toString(), QStringLiteral("rounding"));
        QCOMPARE(model.index(0, CausesModel::FirstCause + 1).data(ExactRole).toString(), QStringLiteral("-0.2"));
        model.set({}, {});
        QCOMPARE(model.rowCount(), 0);
    }

    void everyCauseHasAPatternOfItsOwnInTheLegend()
    {
        auto analysis = std::make_shared<CauseAnalysis>(*twoOperators());
        for (CauseShare &share : analysis->operators.front().causes)
            share = {1.0 / kCauseCount, 0.01, 0.02};
        CausesModel model;
        Selection selection;
        CauseChart chart(model, selection);
        model.set(analysis, twoRows());
        QSet<int> patterns;
        int plain = 0;
        for (const LegendEntry &entry : chart.legend())
            entry.pattern == Qt::NoBrush ? ++plain : static_cast<int>((patterns << static_cast<int>(entry.pattern)).size());
        QCOMPARE(patterns.size(), 5); // rounding and inputs stand at the two ends of a bar, and the line of the ideal
        QCOMPARE(plain, 3);
    }

    void tableIsCopiedWithTheNamesOfTheCommandLinesTable()
    {
        CausesModel model;
        model.set(twoOperators(), twoRows());
        LinkedTable table(QStringLiteral("table"), QStringLiteral("table"), model);
        const QStringList lines = rowsAsText(table).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains(QStringLiteral("rounding_share")));
        QCOMPARE(lines[1].count(QLatin1Char('\t')), lines[0].count(QLatin1Char('\t')));
    }
};

QTEST_MAIN(CausesPageTest)
#include "causes_page_test.moc"
