// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <QTableView>

#include <functional>

namespace quantloupe::ui {

/// A table that sorts by SortRole, copies as tab-separated text by ExactRole, and tells which row of its model was chosen.
class LinkedTable : public QTableView {
    Q_OBJECT
public:
    LinkedTable(const QString &objectName, const QString &accessibleName, QAbstractTableModel &rows, QWidget *parent = nullptr);

    /// Row of the model, -1 for none. Says nothing.
    void choose(int row);
    int chosen() const; ///< -1 when there is none
    /// Only rows that pass are shown.
    void setFilter(std::function<bool(int row)> passes);
    /// What stands in the place of rows while there are none.
    void setSentenceInstead(const QString &sentence);

signals:
    void rowChosen(int row);
    void rowOpened(int row); ///< double click, or Enter

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    class Order;

    Order *m_order;
    QString m_instead;
    bool m_isFollowing = false;
};

} // namespace quantloupe::ui
