// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/graph_page.h"

#include "charts/graph_panel.h"
#include "window_driver.h"

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QTableWidget>
#include <QTest>

using namespace quantloupe;
using namespace quantloupe::ui;

namespace {

int nodeNamed(const GraphPanel &panel, const char *title)
{
    const auto &nodes = panel.view().drawing()->outline.nodes;
    for (std::size_t node = 0; node < nodes.size(); ++node)
        if (nodes[node].title == title)
            return static_cast<int>(node);
    return -1;
}

} // namespace

class GraphPageTest : public QObject {
    Q_OBJECT

private slots:
    void bothGraphsFollowOneSelection()
    {
        WindowDriver driver("graph");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(4), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<GraphPage>();
        QVERIFY(page.quantizedGraph().view().drawing());
        QCOMPARE(driver.selectOperator("UNIDIRECTIONAL_SEQUENCE_LSTM"), QString());
        const int node = nodeNamed(page.quantizedGraph(), "UNIDIRECTIONAL_SEQUENCE_LSTM");
        QCOMPARE(page.quantizedGraph().view().selected(), node);
        QCOMPARE(page.floatGraph().view().selected(), nodeNamed(page.floatGraph(), "UNIDIRECTIONAL_SEQUENCE_LSTM"));
        QCOMPARE(driver.chartsAreWhole(), QString());
        driver.grab("graph-lstm");

        // A click in the float graph selects the row of its counterpart everywhere.
        const int dense = nodeNamed(page.floatGraph(), "FULLY_CONNECTED");
        QVERIFY(dense >= 0);
        GraphView &view = page.floatGraph().view();
        view.select(dense);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.placeOf(dense).center().toPoint());
        QCOMPARE(driver->selection().current().operatorName, QStringLiteral("FULLY_CONNECTED"));
        QCOMPARE(page.quantizedGraph().view().selected(), nodeNamed(page.quantizedGraph(), "FULLY_CONNECTED"));
        QVERIFY(page.findChild<QTableWidget *>(QStringLiteral("graphFacts"))->rowCount() > 4);
    }

    void keysWalkAndZoomAsInNetron()
    {
        WindowDriver driver("graph");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<GraphPage>();
        GraphView &view = page.quantizedGraph().view();
        view.setFocus();
        view.select(-1);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.selected(), 0);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.selected(), view.drawing()->outline.edges.front().to);
        const double before = view.zoom();
        QTest::keyClick(&view, Qt::Key_Up, Qt::ShiftModifier);
        QVERIFY(view.zoom() > before);
        QTest::keyClick(&view, Qt::Key_Backspace, Qt::ShiftModifier);
        QCOMPARE(view.zoom(), 1.0);
        page.findChild<QAction *>(QStringLiteral("graphRightward"))->trigger();
        QCOMPARE(view.direction(), GraphView::Direction::Right);
        page.findChild<QAction *>(QStringLiteral("graphFit"))->trigger();
        driver.grab("graph-rightward");
        page.findChild<QAction *>(QStringLiteral("graphWeights"))->trigger();
        page.findChild<QAction *>(QStringLiteral("graphAttributes"))->trigger();
        driver.grab("graph-attributes");
    }

    void searchFindsAndSaysWhenThereIsNothing()
    {
        WindowDriver driver("graph");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<GraphPage>();
        page.searchField()->setText(QStringLiteral("softmax"));
        QTest::keyClick(page.searchField(), Qt::Key_Return);
        QCOMPARE(page.quantizedGraph().view().selected(), nodeNamed(page.quantizedGraph(), "SOFTMAX"));
    }

    void blocksOpenAndClose()
    {
        WindowDriver driver("graph");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<GraphPage>();
        const auto count = [&] { return page.quantizedGraph().view().drawing()->outline.nodes.size(); };
        const auto folded = count();
        page.findChild<QAction *>(QStringLiteral("graphFold"))->trigger();
        QCOMPARE(driver.settle(), QString());
        const auto whole = count();
        QVERIFY(whole >= folded);
        QCOMPARE(whole, page.quantizedGraph().view().drawing()->model->main().operators.size() + 2);
    }

    void everyMetricColours()
    {
        WindowDriver driver("graph");
        QCOMPARE(driver.openSample(), QString());
        QCOMPARE(driver.run(2), QString());
        QCOMPARE(driver.settle(), QString());
        auto &page = driver.page<GraphPage>();
        for (int metric = 0; metric < page.metric().count(); ++metric) {
            page.metric().setCurrentIndex(metric);
            QVERIFY(page.quantizedGraph().summary().contains(page.metric().itemText(metric)));
        }
        QCOMPARE(namelessIn(page), QString());
    }
};

QTEST_MAIN(GraphPageTest)
#include "graph_page_test.moc"
