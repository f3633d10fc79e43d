// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tensors_page.h"
#include "pages/tensor_table_page.h"
#include "window_driver.h"

#include <QSplitter>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

class TensorsPageTest : public QObject {
    Q_OBJECT

private slots:
    void tableAndChartsShowWhatWasMeasured()
    {
        WindowDriver driver("tensors");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        QCOMPARE(driver.page<TensorsPage>().table().model()->rowCount(), driver->session().shown().rowCount());
        QCOMPARE(driver.chartsAreWhole(), QString());
        driver.grab("tensors");
    }

    void sizesOfItsPartsAreKeptAndReset()
    {
        WindowDriver driver("tensors");
        QCOMPARE(driver.openSample(), QString());
        TensorsPage &page = driver.page<TensorsPage>();
        auto *rows = page.findChild<QSplitter *>(QStringLiteral("tensorsRows"));
        const QList<int> first = rows->sizes();
        rows->setSizes({600, 120});
        const QByteArray state = page.layoutState();
        const QList<int> changed = rows->sizes();
        QVERIFY(changed != first);
        page.resetLayout();
        QVERIFY(rows->sizes() != changed);
        page.restoreLayout(state);
        QCOMPARE(rows->sizes(), changed);
        page.restoreLayout(QByteArray("damaged"));
        QCOMPARE(rows->sizes(), changed);
    }
};

QTEST_MAIN(TensorsPageTest)
#include "tensors_page_test.moc"
