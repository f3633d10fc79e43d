// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QTableWidget;

namespace quantloupe::ui {

/// A table of figures to read and copy, a row each.
void styleFigureTable(QTableWidget &table, const QStringList &headers);

/// Text and tool tip of every cell of a row. Cells whose text stands are left alone.
void setRow(QTableWidget &table, int row, const QList<std::pair<QString, QString>> &cells);

} // namespace quantloupe::ui
