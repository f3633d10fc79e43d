// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_style.h"

#include "charts/plot_image.h"
#include "style/theme.h"

#include <QAreaSeries>
#include <QChart>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QLocale>
#include <QLogValueAxis>
#include <QPalette>
#include <QPen>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

/// 1, 2 or 5 times a power of ten: about `count` steps over the span.
double niceStep(double span, int count)
{
    const double raw = span / count;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (raw <= factor * power)
            return factor * power;
    return 10.0 * power;
}

QAbstractAxis *logAxis(double first, double last)
{
    auto *axis = new QLogValueAxis;
    axis->setBase(10.0);
    // A hair of room: whether a decade that is exactly an end gets its label hangs on the last bit of a logarithm.
    axis->setRange(first * 0.999, last * 1.001);
    axis->setMinorTickCount(last / first < 1e4 ? 8 : 0);
    // With a precision: Qt 6.4 shows no label at all for a bare %g once numbers follow the locale.
    axis->setLabelFormat(first >= 0.999e-3 && last <= 1.001e4 ? QStringLiteral("%.6g") : QStringLiteral("%.0e"));
    return axis;
}

QAbstractAxis *linearAxis(double first, double last)
{
    auto *axis = new QValueAxis;
    const double step = niceStep(last - first, 5);
    axis->setRange(first, last);
    axis->setTickType(QValueAxis::TicksDynamic);
    axis->setTickAnchor(0.0);
    axis->setTickInterval(step);
    const double largest = std::max(std::abs(first), std::abs(last));
    if (largest >= 1e6 || step < 1e-4)
        axis->setLabelFormat(QStringLiteral("%.1e"));
    else
        axis->setLabelFormat(QStringLiteral("%.%1f").arg(std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)))));
    return axis;
}

void styleAxis(QAbstractAxis &axis, const QPalette &palette, const QFont &font)
{
    const MeaningColors colors = meaningColors(palette);
    QColor faint = colors.grid;
    faint.setAlphaF(faint.alphaF() * 0.4f);
    axis.setLabelsFont(font);
    axis.setTitleFont(font);
    axis.setLabelsBrush(palette.color(QPalette::Text));
    axis.setTitleBrush(colors.faintText);
    axis.setLinePen(QPen(colors.faintText, 1.0));
    axis.setGridLinePen(QPen(colors.grid, 1.0));
    axis.setMinorGridLinePen(QPen(faint, 1.0));
    axis.setGridLineVisible(axis.orientation() == Qt::Vertical);
    axis.setMinorGridLineVisible(axis.orientation() == Qt::Vertical);
}

} // namespace

void clearChart(QChart &chart)
{
    removePlotImages(chart);
    chart.removeAllSeries();
    const auto axes = chart.axes();
    for (QAbstractAxis *axis : axes) {
        chart.removeAxis(axis);
        delete axis;
    }
}

void styleChart(QChart &chart, const QPalette &palette, const QFont &font)
{
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() * 0.88);
    chart.setBackgroundRoundness(0);
    chart.setBackgroundBrush(palette.color(QPalette::Base));
    chart.setBackgroundPen(Qt::NoPen);
    chart.setDropShadowEnabled(false);
    chart.setMargins(QMargins(2, 0, 8, 2));
    chart.layout()->setContentsMargins(0, 0, 0, 0);
    chart.setLocalizeNumbers(true);
    chart.setLocale(QLocale());
    chart.legend()->hide();
    const auto axes = chart.axes();
    for (QAbstractAxis *axis : axes)
        styleAxis(*axis, palette, small);
}

void addBars(QChart &chart, const std::vector<Bar> &bars, double base, const QColor &fill)
{
    QList<QPointF> top;
    QList<QPointF> bottom;
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const Bar &bar = bars[i];
        // Bars that touch share an edge: filling costs by the edges that cross a line of pixels.
        if (i == 0 || bars[i - 1].x1 != bar.x0)
            top << QPointF(bar.x0, base);
        top << QPointF(bar.x0, bar.y) << QPointF(bar.x1, bar.y);
        if (i + 1 == bars.size() || bars[i + 1].x0 != bar.x1)
            top << QPointF(bar.x1, base);
        bottom << QPointF(bar.x0, base) << QPointF(bar.x1, base);
    }
    auto *upper = new QLineSeries;
    auto *lower = new QLineSeries;
    upper->replace(top);
    lower->replace(bottom);
    auto *area = new QAreaSeries(upper, lower);
    upper->setParent(area);
    lower->setParent(area);
    area->setBrush(fill);
    area->setPen(Qt::NoPen);
    chart.addSeries(area);
}

QColor translucent(QColor color, float alpha)
{
    color.setAlphaF(alpha);
    return color;
}

void addHistogram(QChart &chart, const std::vector<Bar> &bars, const QColor &color)
{
    addBars(chart, bars, 0.0, translucent(color, 0.34f));
    QList<QPointF> outline;
    for (const Bar &bar : bars)
        outline << QPointF(bar.x0, bar.y) << QPointF(bar.x1, bar.y);
    if (!bars.empty()) {
        outline.prepend(QPointF(bars.front().x0, 0.0));
        outline.append(QPointF(bars.back().x1, 0.0));
    }
    addLine(chart, outline, color, Qt::SolidLine);
}

void addBand(QChart &chart, const QList<QPointF> &upper, const QList<QPointF> &lower, const QColor &color)
{
    auto *top = new QLineSeries;
    auto *bottom = new QLineSeries;
    top->replace(upper);
    bottom->replace(lower);
    auto *area = new QAreaSeries(top, bottom);
    top->setParent(area);
    bottom->setParent(area);
    area->setBrush(translucent(color, 0.45f));
    area->setPen(QPen(color, 1.0));
    chart.addSeries(area);
}

void addLine(QChart &chart, const QList<QPointF> &points, const QColor &color, Qt::PenStyle style)
{
    auto *line = new QLineSeries;
    line->replace(points);
    line->setPen(QPen(color, 1.4, style));
    chart.addSeries(line);
}

QAbstractAxis *addAxis(QChart &chart, Qt::Alignment side, double first, double last, bool isLogarithmic, const QString &title)
{
    QAbstractAxis *axis = isLogarithmic ? logAxis(first, last) : linearAxis(first, last);
    if (!title.isEmpty())
        axis->setTitleText(title);
    chart.addAxis(axis, side);
    return axis;
}

void attachAll(QChart &chart)
{
    const auto axes = chart.axes();
    const auto series = chart.series();
    for (QAbstractSeries *each : series)
        for (QAbstractAxis *axis : axes)
            each->attachAxis(axis);
}

} // namespace quantloupe::ui
