// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// The program itself, as a user or the documentation's build starts it.
class ProgramTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    int run(const QStringList &arguments, QByteArray *output = nullptr)
    {
        QProcess process;
        process.start(QStringLiteral(QUANTLOUPE_PROGRAM), arguments);
        if (!process.waitForFinished(50000))
            process.kill();
        if (output)
            *output = process.readAllStandardOutput() + process.readAllStandardError();
        return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    }

    QString screenshot() const { return m_folder.filePath(QStringLiteral("shot.png")); }
    static QString sample() { return QStringLiteral(QUANTLOUPE_SOURCE_SAMPLES "/spoken_digits_plain.mltk.zip"); }

private slots:
    void versionIsPrinted()
    {
        QByteArray output;
        QCOMPARE(run({QStringLiteral("--version")}, &output), 0);
        QVERIFY(output.contains('.'));
    }

    void screenshotHasTheSizeAskedFor()
    {
        QCOMPARE(run({QStringLiteral("--screenshot"), screenshot(), QStringLiteral("--size"), QStringLiteral("1300x850"), QStringLiteral("--theme"), QStringLiteral("dark")}), 0);
        QCOMPARE(QImage(screenshot()).size(), QSize(1300, 850));
    }

    void screenshotAfterARun()
    {
        QCOMPARE(run({sample(), QStringLiteral("--dataset"), QStringLiteral("random:2:1"), QStringLiteral("--run"), QStringLiteral("--select"), QStringLiteral("1"), QStringLiteral("--screenshot"), screenshot()}), 0);
        QVERIFY(!QImage(screenshot()).isNull());
    }

    void everyPageIsDrawn()
    {
        const QString folder = m_folder.filePath(QStringLiteral("pages"));
        QByteArray output;
        QCOMPARE(run({sample(), QStringLiteral("--dataset"), QStringLiteral("random:2:1"), QStringLiteral("--run"), QStringLiteral("--screenshots"), folder}, &output), 0);
        QVERIFY2(QDir(folder).entryList({QStringLiteral("*.png")}).size() >= 3, output.constData());
        QVERIFY(!QImage(folder + QStringLiteral("/tensor.png")).isNull());
    }

    void brokenFileIsToldAndTheExitCodeSaysSo()
    {
        QFile broken(m_folder.filePath(QStringLiteral("bad.mltk.zip")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("PK\3\4 but not for long");
        broken.close();
        QByteArray output;
        QCOMPARE(run({broken.fileName(), QStringLiteral("--screenshot"), screenshot()}, &output), 3);
        QVERIFY2(output.contains("bad.mltk.zip"), output.constData());
    }

    void wrongCommandLineIsUsage()
    {
        QCOMPARE(run({QStringLiteral("--size"), QStringLiteral("big"), QStringLiteral("--screenshot"), screenshot()}), 2);
        QCOMPARE(run({QStringLiteral("--theme"), QStringLiteral("pink"), QStringLiteral("--screenshot"), screenshot()}), 2);
    }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"
