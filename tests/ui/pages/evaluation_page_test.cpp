// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/roc_chart.h"
#include "pages/evaluation_page.h"
#include "report/evaluation.h"
#include "window_driver.h"

#include <QComboBox>
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

    void everyFigureOfAClassCanBeShownAndTheCurvesAreDrawn()
    {
        WindowDriver driver("evaluation");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(40), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<EvaluationPage>();
        const auto *figures = page.findChild<QTableWidget *>(QStringLiteral("evaluationFigures"));
        auto *perClass = page.findChild<QComboBox *>(QStringLiteral("evaluationPerClass"));
        const auto &classes = page.evaluation()->quantizedModel.classification->classes;
        const auto names = [&] {
            QStringList rows;
            for (int row = 0; row < figures->rowCount(); ++row)
                rows << figures->verticalHeaderItem(row)->text();
            return rows;
        };
        for (const char *overall : {"Accuracy", "ROC AUC", "Precision", "Recall", "F1", "False accepts per hour", "Keywords missed"})
            QVERIFY2(names().contains(QLatin1String(overall)), overall);
        for (const char *figure : {"recall", "precision", "F1", "false positive rate", "false negative rate", "ROC AUC"}) {
            perClass->setCurrentText(QStringLiteral("per class: ") + QLatin1String(figure));
            QVERIFY2(names().contains(QStringLiteral("three: ") + QLatin1String(figure)), figure);
        }
        perClass->setCurrentText(QStringLiteral("per class: recall"));
        const auto row = static_cast<int>(names().indexOf(QStringLiteral("three: recall")));
        QCOMPARE(figures->item(row, 1)->text(), QStringLiteral("%1 %").arg(100.0 * classes[3].recall, 0, 'f', 2));
        QVERIFY2(figures->item(row, 4)->text().endsWith(QLatin1Char('%')), "the archive's own, by class");
        QCOMPARE(driver.chartsAreWhole(), QString());
        auto *chart = page.findChild<RocChart *>();
        QVERIFY2(chart->summary().contains(QStringLiteral("AUC")), qPrintable(chart->summary()));
        page.findChild<QComboBox *>(QStringLiteral("rocKind"))->setCurrentIndex(1);
        QVERIFY2(chart->summary().contains(QStringLiteral("precision")), qPrintable(chart->summary()));
        QVERIFY(namelessIn(driver.window()).isEmpty());
        driver.grab("evaluation-roc");
    }

    void curvesOfAnAutoencoderAreThoseOfItsScores()
    {
        auto evaluation = std::make_shared<Evaluation>();
        evaluation->task = EvaluationTask::Autoencoder;
        const std::vector<float> scores{0.1f, 0.4f, 0.35f, 0.8f};
        const std::vector<std::int64_t> labels{0, 0, 1, 1};
        evaluation->floatModel.anomaly = anomalyFigures(scores, labels);
        evaluation->quantizedModel.anomaly = anomalyFigures(std::vector<float>{0.1f, 0.2f, 0.35f, 0.8f}, labels);
        RocChart chart;
        chart.resize(500, 400);
        chart.setEvaluation(evaluation, QString());
        QVERIFY2(chart.summary().contains(QStringLiteral("AUC 0.7500 float, 1.000 quantized")), qPrintable(chart.summary()));
        chart.setEvaluation(nullptr, QStringLiteral("not yet"));
        QCOMPARE(chart.sentenceInstead(), QStringLiteral("not yet"));
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
