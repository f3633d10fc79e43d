// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSizeF>

class QPainter;

#include <QString>

namespace quantloupe::ui {

class ChartPanel;

/// Size of an exported chart with its lines of text, in points of the screen.
QSizeF chartPageSize(const ChartPanel &panel);
/// Title, plot, summary and basis.
void paintChartPage(QPainter &painter, const ChartPanel &panel, const QString &basis);

} // namespace quantloupe::ui
