// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/histogram.h"

#include <QList>
#include <QPointF>

#include <span>
#include <vector>

namespace quantloupe::ui {

/// One bar of a chart: from x0 to x1, as high as y. Where several values share a bar, `index` is the one drawn.
struct Bar {
    double x0 = 0.0;
    double x1 = 0.0;
    double y = 0.0;
    int index = 0;
};

/// At most `maxBars` bars around the positions 0, 1, 2, ...; of values that share a bar the largest magnitude is drawn, so
/// that an outlier is never lost. NaN values give no bar.
std::vector<Bar> barsOf(std::span<const double> values, int maxBars, double fill = 0.72);

/// A histogram as bars of shares in percent; neighbouring bins are added up until at most `maxBars` are left.
std::vector<Bar> barsOf(const Histogram &histogram, int maxBars);

/// A line through values at the positions 0, 1, 2, ... in at most `maxPoints` points: where several share a column, its
/// smallest and its largest in their order, so that no peak is lost. Values that are not finite are left out.
QList<QPointF> lineOf(std::span<const float> values, int maxPoints);
QList<QPointF> lineOf(std::span<const double> values, int maxPoints);

/// First and last bin that hold anything, over both; an empty range when nothing does.
struct BinRange {
    std::size_t first = 0;
    std::size_t last = 0; ///< one past
    bool isEmpty() const { return first >= last; }
};
BinRange filledBins(const Histogram &histogram);

/// The smallest distance from 0 within which lie all but \`left\` of the counts: long thin tails must not press what
/// matters into one pixel.
double reachOf(const Histogram &histogram, double left);

} // namespace quantloupe::ui
