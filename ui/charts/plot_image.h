// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QRectF>

#include <functional>

class QChart;
class QString;

namespace quantloupe::ui {

/// Puts an image into the plot area, below the series, from values.left() to values.right() and from values.top() (the
/// lower value, the image's last row) to values.bottom(). The chart needs its axes and at least one series. It belongs to
/// the chart, is exported with it, and goes with clearChart().
void addPlotImage(QChart &chart, const QImage &image, const QRectF &values);
/// A pixel for each cell of a grid, the first row at the bottom.
QImage imageOfCells(int columns, int rows, const std::function<QRgb(int column, int row)> &color);
void removePlotImages(QChart &chart);

} // namespace quantloupe::ui
