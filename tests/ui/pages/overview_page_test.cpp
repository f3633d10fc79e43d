// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/operator_chart.h"
#include "charts/plot_view.h"
#include "pages/figure_tile.h"
#include "pages/findings_page.h"
#include "pages/overview_page.h"
#include "report/evaluation.h"
#include "window_driver.h"

#include <QChart>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

class OverviewPageTest : public QObject {
    Q_OBJECT

private slots:
    void isThePageAnArchiveOpensOn()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(&driver->workspace().currentPage(), &driver.page<OverviewPage>());
        const OverviewPage &page = driver.page<OverviewPage>();
        QVERIFY(page.tile("quantizedModel").content().detail.contains(QStringLiteral("quantized")));
        QCOMPARE(page.tile("samples").content().value, QStringLiteral("not recorded"));
        driver.grab("overview-archived");
    }

    void headlineFiguresAreThoseOfTheReport()
    {
        WindowDriver driver("overview");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        const OverviewPage &page = driver.page<OverviewPage>();
        QCOMPARE(page.tile("samples").content().value, QStringLiteral("4"));
        QVERIFY(page.tile("settings").content().value.contains(QStringLiteral("litert")));
        QVERIFY2(page.tile("worstLocal").content().detail.contains(QStringLiteral("LSTM")), qPrintable(page.tile("worstLocal").content().detail));
        QVERIFY(page.tile("worstAccumulated").content().isLink);
        QVERIFY(page.tile("outliers").content().glyph);
        QCOMPARE(driver.chartsAreWhole(), QString());
        driver.grab("overview");
    }

    void accuracyIsShownWhereThereAreLabels()
    {
        WindowDriver driver("overview");
        QCOMPARE(driver.openSample(), QString());
        const OverviewPage &page = driver.page<OverviewPage>();
        QVERIFY2(page.tile("accuracy").content().detail.contains(QStringLiteral("95.4 %")), qPrintable(page.tile("accuracy").content().detail));
        QCOMPARE(driver.run(20), QString());
        QCOMPARE(driver.settle(), QString());
        QVERIFY(driver->session().evaluation());
        const double accuracy = driver->session().evaluation()->quantizedModel.classification->accuracy;
        QVERIFY2(page.tile("accuracy").content().value.endsWith(QStringLiteral("→ %1 %").arg(100.0 * accuracy, 0, 'f', 1)), qPrintable(page.tile("accuracy").content().value));
        QTest::mouseClick(&page.tile("accuracy"), Qt::LeftButton);
        QVERIFY(&driver->workspace().currentPage() != &page);
        driver->showPage(QStringLiteral("overview"));
        driver->setDataset(QStringLiteral("random:4:1"));
        QCOMPARE(driver.run(4), QString());
        QCOMPARE(page.tile("accuracy").content().value, QStringLiteral("no labels"));
        QVERIFY(!page.tile("accuracy").content().isLink);
    }

    void aClickOnTheWorstTensorOpensIt()
    {
        WindowDriver driver("overview");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        driver->selectRow(0);
        QTest::mouseClick(&driver.page<OverviewPage>().tile("worstLocal"), Qt::LeftButton);
        QVERIFY(driver->selection().current().operatorName.contains(QStringLiteral("LSTM")));
        QVERIFY(&driver->workspace().currentPage() != &driver.page<OverviewPage>());
    }

    void aClickOnABarSelectsEverywhere()
    {
        WindowDriver driver("overview");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        PlotView &plot = driver.page<OverviewPage>().operatorChart().plot();
        QTest::qWait(50);
        QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, plot.chart()->mapToPosition(QPointF(2.0, 0.01)).toPoint());
        QCOMPARE(driver->session().shown().find(driver->selection().current()), 2);
    }

    void anAdviceSaysWhatItRestsOn()
    {
        WindowDriver driver("overview");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(20), QString());
        auto *findings = driver.page<OverviewPage>().findChild<FindingsPage *>();
        QString card;
        for (int i = 0; i < findings->count(); ++i)
            if (findings->item(i)->text().contains(QStringLiteral("normalise what goes in")))
                card = findings->item(i)->data(Qt::AccessibleDescriptionRole).toString();
        for (const char *part : {"rmse/scale is 0.5", "LayerNormalization", "Fires at: rmse/scale", "samples: 20", "source: MLTK tutorial"})
            QVERIFY2(card.contains(QString::fromLatin1(part)), qPrintable(card));
    }

    void aFindingAboutAnOperatorSelectsIt()
    {
        WindowDriver driver("overview");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        auto *findings = driver.page<OverviewPage>().findChild<FindingsPage *>();
        bool hasSelected = false;
        for (int i = 0; i < findings->count() && !hasSelected; ++i) {
            driver->selection().clear();
            QTest::mouseClick(findings->viewport(), Qt::LeftButton, {}, findings->visualItemRect(findings->item(i)).center());
            hasSelected = driver->selection().current().isValid();
        }
        QVERIFY(hasSelected || findings->countOf(Severity::Problem) == 0);
    }
};

QTEST_MAIN(OverviewPageTest)
#include "overview_page_test.moc"
