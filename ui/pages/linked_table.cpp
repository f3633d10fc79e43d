// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/linked_table.h"

#include "models/table_roles.h"
#include "pages/row_table.h"

#include <QKeyEvent>
#include <QPainter>

namespace quantloupe::ui {

class LinkedTable::Order : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setPasses(std::function<bool(int)> passes)
    {
        m_passes = std::move(passes);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &) const override { return !m_passes || m_passes(row); }

    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override { return isSortedBefore(left.data(SortRole), right.data(SortRole), sortOrder()); }

private:
    std::function<bool(int)> m_passes;
};

LinkedTable::LinkedTable(const QString &objectName, const QString &accessibleName, QAbstractTableModel &rows, QWidget *parent)
    : QTableView(parent), m_order(new Order(this))
{
    setObjectName(objectName);
    setAccessibleName(accessibleName);
    m_order->setSourceModel(&rows);
    setModel(m_order);
    dressAsRows(*this);
    connect(m_order, &QAbstractItemModel::modelReset, this, [this] { sizeColumnsOf(*this, 8); });
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (!m_isFollowing && current.isValid())
            emit rowChosen(m_order->mapToSource(current).row());
    });
    connect(this, &QAbstractItemView::activated, this, [this](const QModelIndex &index) { emit rowOpened(m_order->mapToSource(index).row()); });
    sizeColumnsOf(*this, 8);
}

void LinkedTable::choose(int row)
{
    const QModelIndex index = row < 0 ? QModelIndex() : m_order->mapFromSource(m_order->sourceModel()->index(row, 0));
    m_isFollowing = true;
    if (!index.isValid()) {
        selectionModel()->clear();
    } else if (index.row() != currentIndex().row() || !selectionModel()->isRowSelected(index.row())) {
        const QModelIndex cell = index.siblingAtColumn(std::max(0, currentIndex().column()));
        selectionModel()->setCurrentIndex(cell, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        scrollTo(cell);
    }
    m_isFollowing = false;
}

int LinkedTable::chosen() const
{
    return currentIndex().isValid() ? m_order->mapToSource(currentIndex()).row() : -1;
}

void LinkedTable::setFilter(std::function<bool(int)> passes)
{
    m_order->setPasses(std::move(passes));
    viewport()->update();
}

void LinkedTable::setSentenceInstead(const QString &sentence)
{
    m_instead = sentence;
    viewport()->update();
}

void LinkedTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copyAsTable(rowsAsText(*this));
    else
        QTableView::keyPressEvent(event);
}

void LinkedTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (m_order->rowCount() > 0 || m_instead.isEmpty())
        return;
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, m_instead);
}

} // namespace quantloupe::ui
