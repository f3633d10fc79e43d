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
        WindowDriver driver("tensor");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        QCOMPARE(driver.selectOperator("CONV_2D"), QString());
        QCOMPARE(driver.settle(), QString());
        QCOMPARE(driver.chartsAreWhole(), QString());
        const auto *facts = driver.page<TensorPage>().findChild<QTableWidget *>(QStringLiteral("tensorFacts"));
        QVERIFY(facts->rowCount() > 5);
        driver.grab("tensor-conv");
    }
};

QTEST_MAIN(TensorPageTest)
#include "tensor_page_test.moc"
