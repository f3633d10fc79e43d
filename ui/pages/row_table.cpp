// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/row_table.h"

#include "models/table_roles.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMimeData>
#include <QTableView>

#include <algorithm>

namespace quantloupe::ui {
namespace {

constexpr int kMaxColumnWidth = 260;

} // namespace

void dressAsRows(QTableView &table)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setAlternatingRowColors(true);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setCornerButtonEnabled(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setTextElideMode(Qt::ElideMiddle);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 8);
    QHeaderView &header = *table.horizontalHeader();
    header.setObjectName(table.objectName() + QStringLiteral("Header"));
    header.setSectionsMovable(true);
    header.setHighlightSections(false);
    header.setDefaultAlignment(Qt::AlignCenter);
    header.setSortIndicatorClearable(true);
    header.setMinimumSectionSize(36);
    table.setSortingEnabled(true);
    table.sortByColumn(-1, Qt::AscendingOrder);
}

void sizeColumnsOf(QTableView &table, int margin)
{
    for (int section = 0; section < table.model()->columnCount(); ++section) {
        table.resizeColumnToContents(section);
        table.setColumnWidth(section, std::min(table.columnWidth(section) + margin, kMaxColumnWidth));
    }
}

QString rowsAsText(const QTableView &table)
{
    const QAbstractItemModel &model = *table.model();
    QList<int> rows;
    const auto selected = table.selectionModel()->selectedRows();
    for (const QModelIndex &index : selected)
        rows << index.row();
    for (int row = 0; selected.isEmpty() && row < model.rowCount(); ++row)
        rows << row;
    std::sort(rows.begin(), rows.end());
    QList<int> columns;
    for (int visual = 0; visual < table.horizontalHeader()->count(); ++visual)
        if (const int section = table.horizontalHeader()->logicalIndex(visual); !table.isColumnHidden(section))
            columns << section;
    const auto line = [&](auto &&cell) {
        QStringList cells;
        for (const int column : columns)
            cells << QString(cell(column)).replace(QLatin1Char('\t'), QLatin1Char(' '));
        return cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
    };
    QString text = line([&](int column) { return model.headerData(column, Qt::Horizontal, ExactRole).toString(); });
    for (const int row : rows)
        text += line([&](int column) { return model.index(row, column).data(ExactRole).toString(); });
    return text;
}

void copyAsTable(const QString &text)
{
    auto *copied = new QMimeData;
    copied->setText(text);
    copied->setData(QStringLiteral("text/tab-separated-values"), text.toUtf8());
    QGuiApplication::clipboard()->setMimeData(copied);
}

} // namespace quantloupe::ui
