// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tensor_page.h"
#include "window_driver.h"

#include <QTableWidget>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

class TensorPageTest : public QObject {
    Q_OBJECT

private slots:
    void factsAndChartsFollowTheSelection()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        driver->showPage(QStringLiteral("tensor"));
        QCOMPARE(driver.selectOperator("CONV_2D"), QString());
        TensorPage &page = driver.page<TensorPage>();
        for (const char *group : {"values", "channels", "samples", "weights"}) {
            page.showGroup(QString::fromLatin1(group));
            QCOMPARE(driver.settle(), QString());
            QCOMPARE(driver.chartsAreWhole(), QString());
            driver.grab((std::string("tensor-") + group).c_str());
        }
        const auto *facts = page.findChild<QTableWidget *>(QStringLiteral("tensorFacts"));
        QVERIFY(facts->rowCount() > 10);
        QVERIFY(page.study()->local && page.study()->accumulated);
        QVERIFY(!page.study()->weights.empty());
    }

    void aNewSelectionReplacesWhatIsBeingWorkedOut()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        driver->showPage(QStringLiteral("tensor"));
        const int rows = driver->session().shown().rowCount();
        for (int row = 0; row < rows; ++row)
            driver->selectRow(row);
        QCOMPARE(driver.settle(), QString());
        QCOMPARE(driver.page<TensorPage>().study()->row, static_cast<std::size_t>(rows - 1));
    }

    void withoutARunItSaysWhatToDo()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        driver->showPage(QStringLiteral("tensor"));
        QVERIFY(!driver.page<TensorPage>().isBusy());
        const auto charts = driver.page<TensorPage>().charts();
        for (const ChartPanel *chart : charts)
            if (chart->isVisible())
                QVERIFY2(chart->sentenceInstead().contains(QStringLiteral("Run")) || chart->sentenceInstead().contains(QStringLiteral("run")), qPrintable(chart->objectName()));
    }

    void aWorstSampleIsOpenedByTheKeyboard()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        driver->showPage(QStringLiteral("tensor"));
        TensorPage &page = driver.page<TensorPage>();
        page.showGroup(QStringLiteral("samples"));
        auto *worst = page.findChild<QTableWidget *>(QStringLiteral("worstSamples"));
        QCOMPARE(worst->rowCount(), 4);
        worst->setCurrentCell(1, 0);
        QTest::keyClick(worst, Qt::Key_Return);
        QCOMPARE(QString::number(*driver->selection().sample()), worst->item(1, 0)->text());
        QVERIFY(&driver->workspace().currentPage() != &page);
    }
};

QTEST_MAIN(TensorPageTest)
#include "tensor_page_test.moc"
