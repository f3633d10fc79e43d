// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluation_page.h"
#include "report/evaluation.h"
#include "window_driver.h"

#include <QPushButton>
#include <QTableWidget>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

class EvaluationPageTest : public QObject {
    Q_OBJECT

private slots:
    void needsARunFirst()
    {
        WindowDriver driver("evaluation");
        QCOMPARE(driver.openSample(), QString());
        QVERIFY(!driver.page<EvaluationPage>().findChild<QPushButton *>(QStringLiteral("evaluationStart"))->isEnabled());
    }

    void showsMatricesFiguresAndTheArchivesOwn()
    {
        WindowDriver driver("evaluation");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(40), QString());
        auto &page = driver.page<EvaluationPage>();
        QVERIFY(page.isBusy());
        QCOMPARE(driver.settle(), QString());
        QVERIFY(page.evaluation());
        QCOMPARE(page.evaluation()->samples, std::size_t(40));
        int answers = 0;
        const auto *matrix = page.findChild<QTableWidget *>(QStringLiteral("evaluationQuantized"));
        QCOMPARE(matrix->rowCount(), 11);
        for (int row = 0; row < 11; ++row)
            for (int column = 0; column < 11; ++column)
                answers += matrix->item(row, column)->text().toInt();
        QCOMPARE(answers, 40);
        const auto *figures = page.findChild<QTableWidget *>(QStringLiteral("evaluationFigures"));
        QCOMPARE(figures->verticalHeaderItem(0)->text(), QStringLiteral("Accuracy"));
        QCOMPARE(figures->columnCount(), 5);
        QVERIFY(figures->item(0, 4)->text().startsWith(QStringLiteral("95.40")));
        QCOMPARE(static_cast<std::size_t>(page.findChild<QTableWidget *>(QStringLiteral("evaluationChanged"))->rowCount()), page.evaluation()->changed.size());
        driver.grab("evaluation");
    }

    void anotherRunDropsWhatWasEvaluated()
    {
        WindowDriver driver("evaluation");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        auto &page = driver.page<EvaluationPage>();
        QCOMPARE(driver.settle(), QString());
        QVERIFY(page.evaluation());
        QCOMPARE(driver.run(2), QString());
        QVERIFY(!page.evaluation());
        QCOMPARE(page.findChild<QTableWidget *>(QStringLiteral("evaluationFigures"))->rowCount(), 0);
        QCOMPARE(driver.settle(), QString());
        QCOMPARE(page.evaluation()->samples, std::size_t(2));
        page.findChild<QPushButton *>(QStringLiteral("evaluationStart"))->click();
        QVERIFY(page.isBusy());
        QCOMPARE(driver.settle(), QString());
    }
};

QTEST_MAIN(EvaluationPageTest)
#include "evaluation_page_test.moc"
