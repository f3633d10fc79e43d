// SPDX-License-Identifier: GPL-3.0-or-later
#include "style/figure_table.h"

#include "text/plain_text.h"

#include <QHeaderView>
#include <QTableWidget>

namespace quantloupe::ui {

void setRow(QTableWidget &table, int row, const QList<std::pair<QString, QString>> &cells)
{
    for (int column = 0; column < static_cast<int>(cells.size()); ++column) {
        QTableWidgetItem *item = table.item(row, column);
        if (item && item->text() == cells[column].first)
            continue; // most of it stands while a run goes on
        if (!item) {
            item = new QTableWidgetItem;
            item->setFlags(item->flags() & ~Qt::ItemIsEditable);
            table.setItem(row, column, item);
        }
        item->setText(cells[column].first);
        item->setToolTip(plainToolTip(cells[column].second));
    }
}

void styleFigureTable(QTableWidget &table, const QStringList &headers)
{
    table.setColumnCount(static_cast<int>(headers.size()));
    table.setHorizontalHeaderLabels(headers);
    table.horizontalHeader()->setStretchLastSection(true);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 8);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setAlternatingRowColors(true);
    table.setShowGrid(false);
    table.setTabKeyNavigation(false);
    table.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table.setFrameShape(QFrame::NoFrame);
}

} // namespace quantloupe::ui
