// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/linked_table.h"

#include "models/table_roles.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr int kMaxColumnWidth = 260;

} // namespace

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

    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override
    {
        const QVariant a = left.data(SortRole);
        const QVariant b = right.data(SortRole);
        if (a.metaType().id() != QMetaType::Double || b.metaType().id() != QMetaType::Double)
            return a.toString().localeAwareCompare(b.toString()) < 0;
        // Absent figures go last in either direction.
        if (std::isnan(a.toDouble()) || std::isnan(b.toDouble()))
            return std::isnan(a.toDouble()) != std::isnan(b.toDouble()) && std::isnan(b.toDouble()) == (sortOrder() == Qt::AscendingOrder);
        return a.toDouble() < b.toDouble();
    }

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
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setAlternatingRowColors(true);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTextElideMode(Qt::ElideMiddle);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    QHeaderView &header = *horizontalHeader();
    header.setObjectName(objectName + QStringLiteral("Header"));
    header.setHighlightSections(false);
    header.setSectionsMovable(true);
    header.setSortIndicatorClearable(true);
    header.setMinimumSectionSize(36);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    connect(m_order, &QAbstractItemModel::modelReset, this, &LinkedTable::sizeColumns);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (!m_isFollowing && current.isValid())
            emit rowChosen(m_order->mapToSource(current).row());
    });
    connect(this, &QAbstractItemView::activated, this, [this](const QModelIndex &index) { emit rowOpened(m_order->mapToSource(index).row()); });
    sizeColumns();
}

void LinkedTable::sizeColumns()
{
    for (int section = 0; section < m_order->columnCount(); ++section) {
        resizeColumnToContents(section);
        setColumnWidth(section, std::min(columnWidth(section) + 8, kMaxColumnWidth));
    }
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

QString LinkedTable::copiedText() const
{
    QList<int> rows;
    const auto selected = selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows << index.row();
    for (int row = 0; selected.isEmpty() && row < m_order->rowCount(); ++row)
        rows << row;
    std::sort(rows.begin(), rows.end());
    const auto line = [&](auto &&cell) {
        QStringList cells;
        for (int visual = 0; visual < horizontalHeader()->count(); ++visual)
            cells << QString(cell(horizontalHeader()->logicalIndex(visual))).replace(QLatin1Char('\t'), QLatin1Char(' '));
        return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    QString text = line([&](int column) { return m_order->headerData(column, Qt::Horizontal, ExactRole).toString(); });
    for (const int row : rows)
        text += line([&](int column) { return m_order->index(row, column).data(ExactRole).toString(); });
    return text;
}

void LinkedTable::keyPressEvent(QKeyEvent *event)
{
    if (!event->matches(QKeySequence::Copy)) {
        QTableView::keyPressEvent(event);
        return;
    }
    auto *copied = new QMimeData;
    const QString text = copiedText();
    copied->setText(text);
    copied->setData(QStringLiteral("text/tab-separated-values"), text.toUtf8());
    QGuiApplication::clipboard()->setMimeData(copied);
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
