// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/change.h"
#include "models/selection.h"
#include "models/tensor_filter_model.h"

#include <QTableView>

namespace quantloupe::ui {

/// The tensor table: sorts, follows and drives the shared selection, copies as TSV, hides and moves columns.
class TensorTablePage : public QTableView {
    Q_OBJECT
public:
    TensorTablePage(TensorTableModel &table, TensorFilterModel &filter, Selection &selection, QWidget *parent = nullptr);

    /// Selected rows with the shown columns and their names, tab-separated; all rows when none is selected.
    void copySelected() const;

signals:
    void changed(const quantloupe::ui::Change &change);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void sizeColumns();
    void followSelection(const RowKey &key);
    void showColumnMenu(const QPoint &position);
    void hideColumns(const QList<int> &sections, bool isHidden);
    void noteMove(int from, int to);

    TensorTableModel &m_table;
    TensorFilterModel &m_filter;
    Selection &m_selection;
    bool m_isFollowing = false;
    bool m_isMovedByUser = true;
};

} // namespace quantloupe::ui
