// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/selection.h"
#include "models/session.h"
#include "models/tensor_filter_model.h"

#include <QWidget>

class QSplitter;

namespace quantloupe::ui {

class ChartPanel;
class OperatorChart;
class TensorTablePage;

/// The table of tensors, and below it the chart over operators and the distributions of the selected tensor.
class TensorsPage : public QWidget {
    Q_OBJECT
public:
    TensorsPage(const Session &session, Selection &selection, TensorTableModel &table, TensorFilterModel &filter, QWidget *parent = nullptr);

    TensorTablePage &table() const { return *m_table; }
    OperatorChart &operatorChart() const { return *m_operators; }
    const QList<ChartPanel *> &charts() const { return m_charts; }

    QByteArray layoutState() const;
    void restoreLayout(const QByteArray &state);
    void resetLayout();

private:
    TensorTablePage *m_table;
    OperatorChart *m_operators;
    QList<ChartPanel *> m_charts;
    QSplitter *m_rows;
    QSplitter *m_columns;
};

} // namespace quantloupe::ui
