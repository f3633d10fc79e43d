// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/decimation.h"

#include <QColor>
#include <QList>
#include <QPointF>
#include <QString>

#include <vector>

class QAbstractAxis;
class QChart;
class QFont;
class QPalette;

namespace quantloupe::ui {

/// Removes all series, axes and images.
void clearChart(QChart &chart);
/// Background, margins, fonts, axes and grid in the palette's colours.
void styleChart(QChart &chart, const QPalette &palette, const QFont &font);

/// Bars as one filled outline: four points a bar, so that a chart stays two points per pixel column. `base` is where bars
/// start; on a logarithmic axis the axis' smallest value.
void addBars(QChart &chart, const std::vector<Bar> &bars, double base, const QColor &fill);
/// The outline of a histogram over its fill, so that two stay visible where they overlap.
void addHistogram(QChart &chart, const std::vector<Bar> &bars, const QColor &color);
/// The area between two lines.
void addBand(QChart &chart, const QList<QPointF> &upper, const QList<QPointF> &lower, const QColor &color);
QColor translucent(QColor color, float alpha);
void addLine(QChart &chart, const QList<QPointF> &points, const QColor &color, Qt::PenStyle style);

/// An axis over first..last; logarithmic ones need first > 0.
QAbstractAxis *addAxis(QChart &chart, Qt::Alignment side, double first, double last, bool isLogarithmic, const QString &title);
/// Ties every series to every axis.
void attachAll(QChart &chart);

} // namespace quantloupe::ui
