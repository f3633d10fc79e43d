// SPDX-License-Identifier: GPL-3.0-or-later
//
// How the window feels: it answers while all cores compute, and a selection reaches every page at once.
#include "pages/run_bar.h"
#include "window_driver.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <ctime>
#include <vector>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

constexpr double kMostMilliseconds = 50.0;
constexpr double kSlowMachine = 4.0;
constexpr std::size_t kBeats = 300;

/// What the GUI thread has computed so far: what a heartbeat waits for, whoever else uses the machine.
double threadMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double percentile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0.0 : values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

/// Gaps between beats of the event loop.
class Heartbeat : public QObject {
public:
    Heartbeat()
    {
        m_clock.start();
        m_computed = threadMilliseconds();
        connect(&m_timer, &QTimer::timeout, this, [this] {
            const double computed = threadMilliseconds();
            computedGaps.push_back(computed - m_computed);
            wallGaps.push_back(static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
            m_computed = computed;
            m_clock.restart();
        });
        m_timer.start(2);
    }

    std::vector<double> computedGaps;
    std::vector<double> wallGaps;

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    double m_computed = 0.0;
};

/// How long the window's thread waits for a core says something only where nothing else runs, and what it computes only on a machine
/// of today; elsewhere a multiple still tells a freeze.
bool isMachineOurs()
{
    return qEnvironmentVariableIsSet("QUANTLOUPE_QUIET_MACHINE");
}

} // namespace

class FeelTest : public QObject {
    Q_OBJECT

private slots:
    void windowAnswersWhileARunUsesAllCores()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        driver->setDataset(QStringLiteral("random:1000000:1"));
        driver->runBar().setOptions({});
        driver->run();
        QTRY_VERIFY_WITH_TIMEOUT(driver->session().measured(), 30000);
        const auto pages = MainWindow::pageNames();
        for (const QString &page : pages) {
            driver->showPage(page);
            QTest::qWait(100);
            Heartbeat heartbeat;
            QVERIFY(QTest::qWaitFor([&] { return heartbeat.computedGaps.size() >= kBeats; }, 30000));
            const double computed = percentile(heartbeat.computedGaps, 0.99);
            const double waited = percentile(heartbeat.wallGaps, 0.99);
            qInfo("%s: between heartbeats 99 %% computed under %.1f ms and waited under %.1f ms", qPrintable(page), computed, waited);
            QVERIFY2(computed <= (isMachineOurs() ? 1.0 : kSlowMachine) * kMostMilliseconds, qPrintable(page));
            if (isMachineOurs())
                QVERIFY2(waited <= kMostMilliseconds, qPrintable(page));
        }
        QSignalSpy ended(&driver.window(), &MainWindow::runEnded);
        driver->cancel();
        QElapsedTimer clock;
        clock.start();
        QVERIFY(ended.wait(30000));
        QVERIFY2(!isMachineOurs() || clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
    }

    void selectionReachesThePagesAtOnce()
    {
        WindowDriver driver;
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        const auto pages = MainWindow::pageNames();
        for (const QString &page : pages) {
            driver->showPage(page);
            QCOMPARE(driver.settle(), QString());
            std::vector<double> times;
            for (int i = 0; i < 2 * driver->session().shown().rowCount(); ++i) {
                const double before = threadMilliseconds();
                driver->selectRow(i % driver->session().shown().rowCount());
                times.push_back(threadMilliseconds() - before);
            }
            const double slow = percentile(times, 0.9);
            qInfo("%s: a selection takes under %.1f ms", qPrintable(page), slow);
            QVERIFY2(slow <= (isMachineOurs() ? 1.0 : kSlowMachine) * kMostMilliseconds, qPrintable(page));
        }
    }
};

QTEST_MAIN(FeelTest)
#include "feel_test.moc"
