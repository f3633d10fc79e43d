// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/rnn_page.h"
#include "window_driver.h"

#include <QComboBox>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

/// A trace of one step count with a cell that reaches its limits, or does not.
std::shared_ptr<const Report> reportWithCell(double floatPeak)
{
    auto report = std::make_shared<Report>();
    RnnTrace trace;
    trace.op = OperatorIndex(std::size_t{0});
    trace.opName = "UNIDIRECTIONAL_SEQUENCE_LSTM";
    trace.steps = 4;
    trace.units = 2;
    RnnQuantity cell;
    cell.name = "cell";
    cell.role = RnnRole::Cell;
    cell.units = 2;
    cell.type = DataType::Int16;
    cell.scale = 1.0f / 32768.0f;
    cell.lowest = -1.0;
    cell.highest = 1.0;
    const double peak = std::min(floatPeak, 1.0);
    const double share = floatPeak > 1.0 ? 0.2 : 0.0;
    cell.quantized = {{0.1, 0.2, 0.3, 0.4}, {-0.1, -0.2, -0.3, -0.4}, {0.5 * peak, 0.8 * peak, peak, peak}, {0.0, 0.0, share, share}};
    RnnError error;
    error.rmse = {0.01, 0.02, 0.1, 0.3};
    error.floats = {{0.1, 0.2, 0.4, 0.6}, {-0.1, -0.2, -0.3, -0.4}, {0.5 * floatPeak, 0.8 * floatPeak, floatPeak, floatPeak}, {0.0, 0.0, share, share}};
    cell.local = error;
    cell.accumulated = error;
    trace.quantities.push_back(cell);
    report->rnn.push_back(trace);
    return report;
}

QString cellSummary(double floatPeak)
{
    QuantityChart chart(QStringLiteral("cell"), QStringLiteral("Cell"), {QStringLiteral("cell")});
    chart.resize(400, 300);
    RnnView view;
    view.report = reportWithCell(floatPeak);
    view.trace = &view.report->rnn.front();
    chart.setView(view);
    return chart.isPlotShown() ? chart.summary() : QString();
}

} // namespace

class RnnPageTest : public QObject {
    Q_OBJECT

private slots:
    void lstmIsOpenedUpAfterARun()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(6), QString());
        driver->showPage(QStringLiteral("rnn"));
        RnnPage &page = driver.page<RnnPage>();
        QCOMPARE(page.shownTrace(), 0);
        QCOMPARE(driver.settle(), QString());
        for (const char *group : {"state", "gates"}) {
            page.showGroup(QString::fromLatin1(group));
            QCOMPARE(driver.settle(), QString());
            QCOMPARE(driver.chartsAreWhole(), QString());
            driver.grab((std::string("rnn-") + group).c_str());
        }
    }

    void stateResetAndCarriedOverAreDrawnOverEachOther()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(6), QString());
        driver->showPage(QStringLiteral("rnn"));
        QCOMPARE(driver.settle(), QString());
        const QString summary = driver.page<RnnPage>().charts().front()->summary();
        QVERIFY2(summary.contains(QStringLiteral("state reset")) && summary.contains(QStringLiteral("state carry")), qPrintable(summary));
        QVERIFY2(summary.contains(QStringLiteral("step")), qPrintable(summary));
    }

    void quantityOfTheHeatMapCanBeChosen()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        driver->showPage(QStringLiteral("rnn"));
        QCOMPARE(driver.settle(), QString());
        auto *quantity = driver.page<RnnPage>().findChild<QComboBox *>(QStringLiteral("rnnQuantity"));
        quantity->setCurrentIndex(quantity->findData(QStringLiteral("cell")));
        const auto charts = driver.page<RnnPage>().charts();
        const auto heatMap = std::find_if(charts.begin(), charts.end(), [](const ChartPanel *chart) { return chart->objectName() == QLatin1String("rnnUnitError"); });
        QVERIFY((*heatMap)->isPlotShown());
        QVERIFY2((*heatMap)->title().contains(QStringLiteral("cell state")), qPrintable((*heatMap)->title()));
    }

    void clippedCellIsCalledClippedAndOneThatFitsIsNot()
    {
        QVERIFY2(cellSummary(2.0).contains(QStringLiteral("CLIPPED")), qPrintable(cellSummary(2.0)));
        QVERIFY2(cellSummary(0.9).startsWith(QStringLiteral("not clipped")), qPrintable(cellSummary(0.9)));
    }

    void saysWhyThereIsNothing()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        driver->showPage(QStringLiteral("rnn"));
        QCOMPARE(driver.page<RnnPage>().shownTrace(), -1);
        QVERIFY(!driver.page<RnnPage>().isBusy());
        QVERIFY(driver.page<RnnPage>().charts().front()->sentenceInstead().contains(QStringLiteral("Run")));
    }
};

QTEST_MAIN(RnnPageTest)
#include "rnn_page_test.moc"
