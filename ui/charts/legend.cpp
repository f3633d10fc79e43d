// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/legend.h"

#include <QPainter>

#include <algorithm>

namespace quantloupe::ui {
namespace {

constexpr double kMark = 14.0;
constexpr double kScale = 64.0;
constexpr double kGap = 14.0;
constexpr double kLeastGap = 6.0; ///< where there is little room

void paintMark(QPainter &painter, const QRectF &place, const LegendEntry &entry, const QPalette &palette)
{
    const QPointF centre = place.center();
    switch (entry.mark) {
    case LegendEntry::Mark::Fill:
        painter.setPen(Qt::NoPen);
        painter.setBrush(entry.color);
        painter.drawRoundedRect(QRectF(centre.x() - 5, centre.y() - 5, 10, 10), 2, 2);
        if (entry.pattern != Qt::NoBrush)
            painter.fillRect(QRectF(centre.x() - 5, centre.y() - 5, 10, 10), QBrush(QColor(0, 0, 0, 110), entry.pattern));
        break;
    case LegendEntry::Mark::Line:
        painter.setPen(QPen(entry.color, 2.0));
        painter.drawLine(QPointF(place.left(), centre.y()), QPointF(place.right(), centre.y()));
        break;
    case LegendEntry::Mark::Dashes:
    case LegendEntry::Mark::Dots:
        painter.setPen(QPen(entry.color, 1.6, entry.mark == LegendEntry::Mark::Dashes ? Qt::DashLine : Qt::DotLine));
        painter.drawLine(QPointF(place.left(), centre.y()), QPointF(place.right(), centre.y()));
        break;
    case LegendEntry::Mark::Scale:
        painter.setPen(Qt::NoPen);
        for (qsizetype i = 0; i < entry.swatches.size(); ++i) {
            const double width = place.width() / static_cast<double>(entry.swatches.size());
            painter.fillRect(QRectF(place.left() + static_cast<double>(i) * width, centre.y() - 5, width + 0.5, 10), entry.swatches[i]);
        }
        painter.setPen(QPen(palette.color(QPalette::Mid), 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(place.left(), centre.y() - 5, place.width(), 10));
        break;
    case LegendEntry::Mark::Diamond:
        painter.setPen(QPen(entry.color, 1.2));
        painter.setBrush(palette.color(QPalette::Base));
        painter.drawPolygon(QPolygonF{centre + QPointF(0, -4), centre + QPointF(4, 0), centre + QPointF(0, 4), centre + QPointF(-4, 0)});
        break;
    }
}

constexpr int kMostLines = 2;

double widthOf(const LegendEntry &entry, const QFontMetricsF &metrics)
{
    return (entry.mark == LegendEntry::Mark::Scale ? kScale : kMark) + 6 + metrics.horizontalAdvance(entry.name);
}

struct Layout {
    QList<double> x; ///< of each entry that fits
    QList<int> line;
    int lines = 1;
};

/// One line where the gaps can be made small enough for it, else two.
Layout layoutOf(const QList<LegendEntry> &entries, double width, const QFontMetricsF &metrics)
{
    double needed = 0.0;
    for (const LegendEntry &entry : entries)
        needed += widthOf(entry, metrics);
    const double gaps = std::max<double>(1.0, static_cast<double>(entries.size() - 1));
    const double gap = (width - needed) / gaps >= kLeastGap ? std::min(kGap, (width - needed) / gaps) : kGap;
    Layout layout;
    double x = 0.0;
    for (const LegendEntry &entry : entries) {
        const double own = widthOf(entry, metrics);
        if (x > 0.0 && x + own > width + 0.5) {
            if (layout.lines == kMostLines)
                break;
            ++layout.lines;
            x = 0.0;
        }
        layout.x << x;
        layout.line << layout.lines - 1;
        x += own + gap;
    }
    return layout;
}

} // namespace

int legendLines(const QList<LegendEntry> &entries, double width, const QFontMetricsF &metrics)
{
    return layoutOf(entries, width, metrics).lines;
}

void paintLegend(QPainter &painter, const QRectF &place, const QList<LegendEntry> &entries, const QPalette &palette)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetricsF metrics(painter.font());
    const Layout layout = layoutOf(entries, place.width(), metrics);
    const double height = place.height() / layout.lines;
    for (qsizetype i = 0; i < layout.x.size(); ++i) {
        const LegendEntry &entry = entries[i];
        const double mark = entry.mark == LegendEntry::Mark::Scale ? kScale : kMark;
        const QPointF corner(place.left() + layout.x[i], place.top() + layout.line[i] * height);
        paintMark(painter, QRectF(corner, QSizeF(mark, height)), entry, palette);
        painter.setPen(palette.color(QPalette::Text));
        painter.drawText(QRectF(corner + QPointF(mark + 5, 0), QSizeF(metrics.horizontalAdvance(entry.name) + 2, height)), Qt::AlignLeft | Qt::AlignVCenter, entry.name);
    }
    painter.restore();
}

Legend::Legend(QWidget *parent) : QWidget(parent)
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.88);
    setFont(small);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void Legend::setEntries(const QList<LegendEntry> &entries)
{
    m_entries = entries;
    QStringList names;
    for (const LegendEntry &entry : entries)
        names << entry.name;
    setToolTip(names.join(QLatin1Char('\n')));
    takeLines();
    update();
}

void Legend::takeLines()
{
    const int lines = legendLines(m_entries, width(), QFontMetricsF(font()));
    if (lines == m_lines)
        return;
    m_lines = lines;
    updateGeometry();
}

void Legend::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    takeLines();
}

QSize Legend::sizeHint() const
{
    return {100, m_lines * (fontMetrics().height() + 4)};
}

void Legend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(font());
    paintLegend(painter, rect(), m_entries, palette());
}

} // namespace quantloupe::ui
