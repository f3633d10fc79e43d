// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/page.h"

class QSplitter;

namespace quantloupe::ui {

class OperatorChart;
class TensorTablePage;

/// The table of tensors, and below it the chart over operators and the distributions of the selected tensor.
class TensorsPage : public Page {
    Q_OBJECT
public:
    TensorsPage(const Session &session, Selection &selection, TensorTableModel &table, TensorFilterModel &filter, QWidget *parent = nullptr);

    TensorTablePage &table() const { return *m_table; }
    OperatorChart &operatorChart() const { return *m_operators; }
    QList<ChartPanel *> charts() const override { return m_charts; }

    QList<QWidget *> panes() const override;
    QList<QSplitter *> splitters() const override;
    void resetLayout() override;

private:
    TensorTablePage *m_table;
    OperatorChart *m_operators;
    QList<ChartPanel *> m_charts;
    QSplitter *m_rows;
    QSplitter *m_columns;
};

} // namespace quantloupe::ui
