// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace quantloupe::ui {

class PlotView;
class ShownReport;

/// Pixels along the axis that one row of the report has.
double pixelsOfRow(const PlotView &plot, const ShownReport &report);
/// An axis below the plot with the report's rows: their operators' names where there is room, else every some number.
void addOperatorAxis(PlotView &plot, const ShownReport &report);

/// Pixels a row needs to carry its operator's name.
inline constexpr int kRowForNames = 15;

} // namespace quantloupe::ui
