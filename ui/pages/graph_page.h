// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "jobs/graph_job.h"
#include "pages/page.h"

#include <QPointer>

class QComboBox;
class QLineEdit;
class QSplitter;
class QTableWidget;
class QToolBar;

namespace quantloupe::ui {

class GraphPanel;

/// The float and the quantized graph side by side. What means the same is selected in both; colours are a metric's.
class GraphPage : public Page {
    Q_OBJECT
public:
    explicit GraphPage(const PageContext &context, QWidget *parent = nullptr);

    GraphPanel &floatGraph() const { return *m_float; }
    GraphPanel &quantizedGraph() const { return *m_quantized; }
    QComboBox &metric() const { return *m_metric; }
    QLineEdit *searchField() const override { return m_search; }
    QList<ChartPanel *> charts() const override;
    QList<QWidget *> panes() const override;
    bool isBusy() const override { return m_job != nullptr; }
    QList<QSplitter *> splitters() const override;
    void resetLayout() override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void addControls();
    QAction *addToggle(const QString &name, const QString &text, const QString &toolTip, const QKeySequence &keys, bool isOn, void (GraphPage::*then)(bool));
    void showNames(bool isShown);
    void showAttributes(bool isShown);
    void showWeights(bool isShown);
    void drawRightward(bool isRightward);
    void wheelZooms(bool zooms);
    void fold(bool isFolding);
    void toggleBlock(const GraphPanel &panel, int node);

    void draw();
    void take(std::shared_ptr<const GraphPair> graphs);
    void mark();
    void find(int direction);
    void refreshFound();
    void choose(const GraphPanel &panel, int node);
    void followSelection();
    void showNodes(int quantizedNode, int floatNode);
    void describe(const GraphPanel &panel, int node);
    int quantizedOperatorOf(int floatOperator) const;
    int operatorOf(int row) const;
    void matchRows();

    const Session &m_session;
    Selection &m_selection;
    GraphPanel *m_float;
    GraphPanel *m_quantized;
    QToolBar *m_tools;
    QLineEdit *m_search;
    QComboBox *m_metric;
    QTableWidget *m_facts;
    QSplitter *m_panes;
    QPointer<GraphJob> m_job;
    std::shared_ptr<const GraphPair> m_graphs;
    std::vector<int> m_operatorOfRow; ///< of the shown report, -1 for none
    std::shared_ptr<const Subject> m_drawn; ///< what the graphs are of
    OpenBlocks m_openFloat;
    OpenBlocks m_openQuantized;
    bool m_isFolding = true;
    bool m_isChoosing = false;
    bool m_isStale = false;
};

} // namespace quantloupe::ui
