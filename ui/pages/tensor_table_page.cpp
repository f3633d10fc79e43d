// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tensor_table_page.h"

#include "pages/figure_delegate.h"
#include "pages/row_table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include <algorithm>

namespace quantloupe::ui {

TensorTablePage::TensorTablePage(TensorTableModel &table, TensorFilterModel &filter, Selection &selection, QWidget *parent)
    : QTableView(parent), m_table(table), m_filter(filter), m_selection(selection)
{
    setObjectName(QStringLiteral("tensorTable"));
    setAccessibleName(tr("Tensor table"));
    setAccessibleDescription(tr("One row per output of a quantized operator; figures of the local and accumulated error are named in the headers."));
    setModel(&filter);
    setItemDelegate(new FigureDelegate(this));
    dressAsRows(*this);
    QHeaderView &header = *horizontalHeader();
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    connect(&header, &QHeaderView::sectionMoved, this, [this](int, int from, int to) { noteMove(from, to); });
    connect(&header, &QWidget::customContextMenuRequested, this, &TensorTablePage::showColumnMenu);
    connect(&filter, &QAbstractItemModel::modelReset, this, [this] {
        sizeColumns();
        followSelection(m_selection.current());
    });
    connect(&filter, &QAbstractItemModel::rowsInserted, this, [this] { followSelection(m_selection.current()); });
    connect(&selection, &Selection::changed, this, &TensorTablePage::followSelection);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (!m_isFollowing && current.isValid())
            m_selection.select(m_filter.key(current.row()));
    });
    sizeColumns();
}

void TensorTablePage::sizeColumns()
{
    sizeColumnsOf(*this, 10);
}

void TensorTablePage::followSelection(const RowKey &key)
{
    const int row = m_filter.proxyRow(key);
    if (row == currentIndex().row() && (row < 0 || selectionModel()->isRowSelected(row)))
        return;
    m_isFollowing = true;
    if (row < 0) {
        selectionModel()->clear();
    } else {
        const int column = std::max(0, currentIndex().column());
        selectionModel()->setCurrentIndex(m_filter.index(row, column), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        scrollTo(m_filter.index(row, column));
    }
    m_isFollowing = false;
}

void TensorTablePage::copySelected() const
{
    copyAsTable(rowsAsText(*this));
}

void TensorTablePage::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copySelected();
    else
        QTableView::keyPressEvent(event);
}

void TensorTablePage::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (m_filter.rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap,
                     m_table.rowCount() > 0 ? tr("No row passes the filter.") : tr("No figures yet."));
}

void TensorTablePage::hideColumns(const QList<int> &sections, bool isHidden)
{
    if (sections.isEmpty())
        return;
    const auto set = [this, sections](bool hidden) {
        for (const int section : sections)
            if (section < m_table.columnCount())
                setColumnHidden(section, hidden);
    };
    set(isHidden);
    emit changed({isHidden ? tr("hide column") : tr("show columns"), [set, isHidden] { set(!isHidden); }, [set, isHidden] { set(isHidden); }});
}

void TensorTablePage::noteMove(int from, int to)
{
    if (!m_isMovedByUser)
        return;
    const auto move = [this](int first, int last) {
        m_isMovedByUser = false;
        horizontalHeader()->moveSection(first, last);
        m_isMovedByUser = true;
    };
    emit changed({tr("move column"), [move, from, to] { move(to, from); }, [move, from, to] { move(from, to); }});
}

void TensorTablePage::showColumnMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int visual = 0; visual < horizontalHeader()->count(); ++visual) {
        const int section = horizontalHeader()->logicalIndex(visual);
        QString title = m_table.headerData(section, Qt::Horizontal, Qt::DisplayRole).toString();
        QAction *action = menu->addAction(title.replace(QLatin1Char('\n'), QLatin1String(", ")).replace(QLatin1Char('&'), QLatin1String("&&")));
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(section));
        connect(action, &QAction::toggled, this, [this, section](bool isShown) { hideColumns({section}, !isShown); });
    }
    menu->addSeparator();
    menu->addAction(tr("Show all columns"), this, [this] {
        QList<int> hidden;
        for (int section = 0; section < m_table.columnCount(); ++section)
            if (isColumnHidden(section))
                hidden << section;
        hideColumns(hidden, false);
    });
    menu->popup(horizontalHeader()->mapToGlobal(position));
}

} // namespace quantloupe::ui
