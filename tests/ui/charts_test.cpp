// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/decimation.h"
#include "charts/legend.h"
#include "charts/operator_chart.h"
#include "charts/plot_view.h"
#include "charts/tensor_chart.h"
#include "export/chart_file.h"
#include "models/verdict.h"
#include "report_builder.h"

#include <QAreaSeries>
#include <QChart>
#include <QElapsedTimer>
#include <QGraphicsScene>
#include <QGraphicsTextItem>
#include <QLineSeries>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

std::shared_ptr<const Report> manyRows(int count)
{
    std::vector<RowFacts> rows;
    for (int i = 0; i < count; ++i)
        rows.push_back({"CONV_2D", "tensor", i == 1234 ? 9.0 : 0.3, 0.5});
    return std::make_shared<const Report>(makeReport(rows));
}

qsizetype pointsOf(const QChart &chart)
{
    qsizetype points = 0;
    const auto all = chart.series();
    for (const QAbstractSeries *series : all) {
        if (const auto *area = qobject_cast<const QAreaSeries *>(series))
            points += area->upperSeries()->count() + area->lowerSeries()->count();
        else if (const auto *line = qobject_cast<const QXYSeries *>(series))
            points += line->count();
    }
    return points;
}

} // namespace

class ChartsTest : public QObject {
    Q_OBJECT

private slots:
    void logarithmicAxesHaveTheirLabels()
    {
        Session session;
        Selection selection;
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        selection.select(session.shown().key(1));
        OperatorChart operators(session, selection);
        operators.setLogarithmic(true);
        CodeChart codes(session, selection);
        for (ChartPanel *panel : {static_cast<ChartPanel *>(&operators), static_cast<ChartPanel *>(&codes)}) {
            panel->resize(500, 400);
            panel->setAttribute(Qt::WA_DontShowOnScreen);
            panel->show();
            panel->grab();
            QCoreApplication::sendPostedEvents();
            QStringList labels;
            const auto items = panel->plot().scene()->items();
            for (const QGraphicsItem *item : items)
                if (const auto *text = qgraphicsitem_cast<const QGraphicsTextItem *>(item); text && text->isVisible())
                    labels << text->toPlainText();
            QVERIFY2(labels.contains(QStringLiteral("0.1")) || labels.contains(QStringLiteral("1")), qPrintable(panel->objectName() + QStringLiteral(": ") + labels.join(QLatin1Char(','))));
        }
    }

    void legendTakesASecondLineRatherThanDropEntries()
    {
        QList<LegendEntry> entries;
        for (int i = 0; i < 6; ++i)
            entries << LegendEntry{LegendEntry::Mark::Dashes, Qt::black, QStringLiteral("an entry of the legend")};
        const QFontMetricsF metrics{QFont()};
        const double one = metrics.horizontalAdvance(entries.front().name);
        QCOMPARE(legendLines(entries, 8 * one, metrics), 1);
        QCOMPARE(legendLines(entries, 5 * one, metrics), 2);
        QCOMPARE(legendLines({}, 100, metrics), 1);
    }

    void barsAreNeverMoreThanAsked()
    {
        for (const int count : {0, 1, 7, 100, 101, 5000}) {
            const auto bars = barsOf(std::vector<double>(static_cast<std::size_t>(count), 1.0), 100);
            QVERIFY(bars.size() <= 100);
            QCOMPARE(bars.empty(), count == 0);
        }
    }

    void outlierSurvivesDecimation()
    {
        std::vector<double> values(5000, 0.1);
        values[4321] = -7.0;
        values[10] = std::numeric_limits<double>::quiet_NaN();
        const auto bars = barsOf(values, 50);
        QVERIFY(std::any_of(bars.begin(), bars.end(), [](const Bar &bar) { return bar.y == -7.0 && bar.index == 4321; }));
    }

    void histogramSharesAddUpToHundred()
    {
        const Histogram histogram{-1.0, 0.01, std::vector<std::uint64_t>(200, 3), 0, 0};
        for (const int limit : {7, 50, 200, 1000}) {
            const auto bars = barsOf(histogram, limit);
            double sum = 0.0;
            for (const Bar &bar : bars)
                sum += bar.y;
            QVERIFY(bars.size() <= static_cast<std::size_t>(limit) + 1);
            QVERIFY(std::abs(sum - 100.0) < 1e-9);
        }
    }

    void emptyHistogramGivesNoBars() { QVERIFY(barsOf(Histogram{}, 10).empty()); }

    void operatorChartOfManyRowsStaysSmallAndFast()
    {
        Session session;
        Selection selection;
        OperatorChart chart(session, selection);
        chart.resize(900, 400);
        chart.show();
        session.setMeasured(manyRows(30000));
        QElapsedTimer clock;
        clock.start();
        selection.select(session.shown().key(1234));
        QVERIFY2(clock.elapsed() < 500, qPrintable(QString::number(clock.elapsed())));
        QVERIFY(pointsOf(*chart.plot().chart()) < 900 * 4);
        QVERIFY(chart.summary().contains(QStringLiteral("9")));
    }

    void chartSaysInWordsWhatItShows()
    {
        Session session;
        Selection selection;
        OperatorChart chart(session, selection);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QVERIFY(chart.isPlotShown());
        QVERIFY(chart.plot().accessibleDescription().contains(QStringLiteral("UNIDIRECTIONAL_SEQUENCE_LSTM")));
        QVERIFY(chart.title().contains(QStringLiteral("local and accumulated")));
        session.setKinds(ShownKinds::Accumulated);
        QVERIFY(chart.title().contains(QStringLiteral("accumulated error")));
    }

    void everyMetricCanBeDrawnLinearAndLogarithmic()
    {
        Session session;
        Selection selection;
        OperatorChart chart(session, selection);
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        for (int metric = 0; metric < 64 && (chart.setMetric(metric), chart.metric() == metric); ++metric)
            for (const bool isLogarithmic : {true, false}) {
                chart.setLogarithmic(isLogarithmic);
                QVERIFY(chart.isPlotShown());
            }
    }

    void hugeAndAbsentFiguresDoNotBreakTheAxis()
    {
        Report report = makeReport(threeRows());
        const auto metric = static_cast<std::size_t>(verdictMetric());
        report.rows[0].local->metrics[metric] = std::numeric_limits<double>::infinity();
        report.rows[1].local->metrics[metric] = std::numeric_limits<double>::quiet_NaN();
        report.rows[2].local->metrics[metric] = 0.0;
        report.rows[0].local->errorInLsb = {};
        report.rows[0].local->floatValues = {};
        Session session;
        Selection selection;
        OperatorChart chart(session, selection);
        ValueHistogram values(QStringLiteral("values"), session, selection);
        ErrorHistogram errors(QStringLiteral("errors"), session, selection);
        session.setMeasured(std::make_shared<const Report>(report));
        selection.select(session.shown().key(0));
        chart.setLogarithmic(true);
        QVERIFY(values.isPlotShown() && errors.isPlotShown());
    }

    void histogramFollowsSelectionAndSaysWhenThereIsNothing()
    {
        Session session;
        Selection selection;
        ErrorHistogram errors(QStringLiteral("errors"), session, selection);
        QVERIFY(!errors.isPlotShown());
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        QVERIFY(!errors.isPlotShown());
        selection.select(session.shown().key(2));
        QVERIFY(errors.isPlotShown());
        QVERIFY(errors.title().contains(QStringLiteral("FULLY_CONNECTED")));
        QVERIFY(errors.title().contains(QStringLiteral("local error")));
        QVERIFY(errors.summary().contains(QStringLiteral("few elements")));
    }

    void chartsAreWrittenInEveryFormat()
    {
        QTemporaryDir folder;
        Session session;
        Selection selection;
        OperatorChart chart(session, selection);
        chart.resize(600, 400);
        chart.show();
        session.setMeasured(std::make_shared<const Report>(makeReport(threeRows())));
        for (const ChartFormat &format : chartFormats()) {
            const QString file = folder.filePath(QStringLiteral("chart.") + format.suffix);
            QCOMPARE(writeChart(chart, QStringLiteral("basis"), file), QString());
            QVERIFY(QFileInfo(file).size() > 1000);
        }
        const QImage image(folder.filePath(QStringLiteral("chart.png")));
        QVERIFY(image.width() >= 1200);
        QVERIFY(!writeChart(chart, QString(), folder.filePath(QStringLiteral("chart.xyz"))).isEmpty());
        QVERIFY(!writeChart(chart, QString(), QStringLiteral("/nowhere/chart.png")).isEmpty());
    }
};

QTEST_MAIN(ChartsTest)
#include "charts_test.moc"
