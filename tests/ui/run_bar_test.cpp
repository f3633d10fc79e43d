// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/message_bar.h"
#include "pages/run_bar.h"
#include "support/running_sum.h"
#include "window_driver.h"

#include <QFile>
#include <QLineEdit>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

class RunBarTest : public QObject {
    Q_OBJECT

private:
    static QString write(const QString &path, const test::Bytes &bytes)
    {
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<qint64>(bytes.size())) >= 0 ? path : QString();
    }
    static QString openSums(WindowDriver &driver)
    {
        return driver.open({write(driver.file("sum.float.tflite"), test::runningSum(DataType::Float32).bytes()), write(driver.file("sum.int8.tflite"), test::runningSum(DataType::Int8).bytes())});
    }

private slots:
    void offersFeedbackOnlyWhereAnInputCouldBeFed()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        auto *field = driver->runBar().findChild<QLineEdit *>(QStringLiteral("feedback"));
        QVERIFY(!field->isVisible());
        QCOMPARE(openSums(driver), QString());
        QVERIFY(field->isVisible());
        QVERIFY(!field->accessibleName().isEmpty());
    }

    void feedsStateBack()
    {
        WindowDriver driver;
        QCOMPARE(openSums(driver), QString());
        driver->setDataset(QStringLiteral("random:4:1"));
        driver->runBar().setFeedback(QStringLiteral("out0=in1"));
        QCOMPARE(driver.run(RunOptions()), QString());
        QVERIFY(QString::fromStdString(driver->session().measured()->dataset).contains(QStringLiteral("32 time steps")));
        driver->showPage(QStringLiteral("sample"));
        QCOMPARE(driver.settle(), QString());
    }

    void tellsWhichTensorsALinkCouldName()
    {
        WindowDriver driver;
        QCOMPARE(openSums(driver), QString());
        driver->setDataset(QStringLiteral("random:4:1"));
        driver->runBar().setFeedback(QStringLiteral("sum=nothing"));
        driver->run();
        QVERIFY(!driver->isRunning());
        QVERIFY2(driver->messageBar().text().contains(QStringLiteral("nothing")), qPrintable(driver->messageBar().text()));
    }
};

QTEST_MAIN(RunBarTest)
#include "run_bar_test.moc"
