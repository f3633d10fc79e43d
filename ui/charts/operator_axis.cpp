// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/operator_axis.h"

#include "charts/plot_view.h"
#include "models/shown_report.h"

#include <QCategoryAxis>
#include <QChart>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {

double pixelsOfRow(const PlotView &plot, const ShownReport &report)
{
    return plot.width() * 0.9 / std::max(1, report.rowCount());
}

void addOperatorAxis(PlotView &plot, const ShownReport &report)
{
    auto *axis = new QCategoryAxis;
    const int rows = report.rowCount();
    const double slot = pixelsOfRow(plot, report);
    const bool isNamed = slot >= kRowForNames && plot.height() >= 190;
    const int every = isNamed ? 1 : std::max(1, static_cast<int>(std::ceil(34.0 / slot)));
    // Qt Charts cuts labels that take more than about a third of the height.
    const QFontMetricsF metrics(plot.font());
    const double room = plot.height() * 0.33;
    axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
    axis->setRange(-0.5, rows - 0.5);
    axis->setStartValue(-0.5);
    // Category labels have to differ, hence the row's number (every operator may come twice).
    for (int row = 0; row < rows; row += every)
        axis->append(isNamed ? metrics.elidedText(QStringLiteral("%1 %2").arg(row + 1).arg(report.operatorName(row)), Qt::ElideMiddle, room) : QString::number(row + 1), row);
    axis->setLabelsAngle(isNamed ? -90 : 0);
    axis->setTruncateLabels(false);
    plot.chart()->addAxis(axis, Qt::AlignBottom);
}

} // namespace quantloupe::ui
