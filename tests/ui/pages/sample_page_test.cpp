// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_view.h"
#include "charts/sample_charts.h"
#include "pages/sample_page.h"
#include "window_driver.h"

#include <QChart>
#include <QLabel>
#include <QSpinBox>
#include <QXYSeries>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

std::shared_ptr<const SampleStudy> sampleOf(const Shape &shape)
{
    auto study = std::make_shared<SampleStudy>();
    std::vector<float> values(static_cast<std::size_t>(shape.elementCount()));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 17);
    study->inputs.push_back({"x", shape, values, {}});
    return study;
}

} // namespace

class SamplePageTest : public QObject {
    Q_OBJECT

private slots:
    void saysWhatIsMissingBeforeARun()
    {
        WindowDriver driver("sample");
        QCOMPARE(driver.openSample(), QString());
        driver->showPage(QStringLiteral("sample"));
        QVERIFY(driver.page<SamplePage>().charts().front()->sentenceInstead().contains(QStringLiteral("Run")));
    }

    void showsTheInputTheAnswersAndTheTrace()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(6), QString());
        driver->showPage(QStringLiteral("sample"));
        driver->selection().selectSample(3);
        QCOMPARE(driver.settle(), QString());
        QCOMPARE(driver.chartsAreWhole(), QString());
        QVERIFY(driver.page<SamplePage>().findChild<QLabel *>(QStringLiteral("sampleVerdict"))->text().contains(QStringLiteral("label")));
        QVERIFY(driver.page<SamplePage>().charts().front()->title().contains(QStringLiteral("sample 3")));
        driver.grab("sample");
    }

    void anotherSampleIsReachedByTheKeyboard()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        driver->showPage(QStringLiteral("sample"));
        QCOMPARE(driver.settle(), QString());
        QTest::keyClick(driver.page<SamplePage>().findChild<QSpinBox *>(QStringLiteral("sampleNumber")), Qt::Key_Up);
        QCOMPARE(*driver->selection().sample(), std::size_t(1));
        QCOMPARE(driver.settle(), QString());
        QVERIFY(driver.page<SamplePage>().charts().front()->title().contains(QStringLiteral("sample 1")));
    }

    void inputsOfEveryShapeAreDrawn()
    {
        InputChart chart;
        chart.resize(500, 300);
        for (const bool isAudio : {false, true}) {
            chart.setAudio(isAudio);
            for (const Shape &shape : {Shape{1, 98, 1, 40}, Shape{1, 32, 24, 1}, Shape{1, 16, 16, 3}, Shape{1, 30, 6}, Shape{1, 128}, Shape{7}, Shape{1, 4, 3, 5, 2}, Shape{1, 1}}) {
                chart.setView({sampleOf(shape), {}, 0});
                QVERIFY2(chart.isPlotShown(), shape.text().c_str());
                QVERIFY(chart.summary().contains(QString::fromStdString(shape.text())));
            }
        }
    }

    void aLongSeriesIsDecimated()
    {
        InputChart chart;
        chart.resize(500, 300);
        chart.setView({sampleOf(Shape{1, 200000}), {}, 0});
        QVERIFY(chart.isPlotShown());
        const auto *line = qobject_cast<QXYSeries *>(chart.plot().chart()->series().front());
        QVERIFY2(line->count() <= chart.plot().width() * 2 + 2, qPrintable(QString::number(line->count())));
    }
};

QTEST_MAIN(SamplePageTest)
#include "sample_page_test.moc"
