// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QTableView;

namespace quantloupe::ui {

/// How every table of rows looks and is handled: whole rows, sorted by a click on a header, none at first.
void dressAsRows(QTableView &table);
/// Columns as wide as their contents, within reason.
void sizeColumnsOf(QTableView &table, int margin);

/// Selected rows, or all when none is, with the shown columns in their order: tab-separated, ExactRole, names first.
QString rowsAsText(const QTableView &table);
/// To the clipboard, as text and as a table.
void copyAsTable(const QString &text);

} // namespace quantloupe::ui
