// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/chart_page.h"

#include "charts/chart_panel.h"
#include "charts/legend.h"
#include "style/theme.h"

#include <QPainter>

namespace quantloupe::ui {
namespace {

constexpr double kMargin = 14.0;
constexpr double kLine = 20.0;

} // namespace

QSizeF chartPageSize(const ChartPanel &panel)
{
    const QSizeF plot = panel.pictureSize();
    return {std::max(plot.width(), 320.0) + 2 * kMargin, plot.height() + 4 * kLine + 2 * kMargin};
}

void paintChartPage(QPainter &painter, const ChartPanel &panel, const QString &basis)
{
    const QSizeF size = chartPageSize(panel);
    const QPalette palette = panel.palette();
    const auto line = [&](double top, const QString &text, const QColor &color, bool isTitle) {
        QFont font = panel.font();
        font.setWeight(isTitle ? QFont::DemiBold : QFont::Normal);
        font.setPointSizeF(font.pointSizeF() * (isTitle ? 1.05 : 0.85));
        painter.setFont(font);
        painter.setPen(color);
        const QRectF place(kMargin, top, size.width() - 2 * kMargin, kLine);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(font).elidedText(text, Qt::ElideRight, place.width()));
    };
    painter.fillRect(QRectF({}, size), palette.color(QPalette::Base));
    line(kMargin, panel.title(), palette.color(QPalette::Text), true);
    QFont small = panel.font();
    small.setPointSizeF(small.pointSizeF() * 0.88);
    painter.setFont(small);
    paintLegend(painter, {kMargin, kMargin + kLine, size.width() - 2 * kMargin, kLine}, panel.legend(), palette);
    const QSizeF plot = panel.pictureSize();
    const QRectF target(QPointF(kMargin, kMargin + 2 * kLine), plot);
    panel.paintPicture(painter, target);
    const QColor faint = meaningColors(palette).faintText;
    line(target.bottom(), panel.summary(), faint, false);
    line(target.bottom() + kLine, basis, faint, false);
}

} // namespace quantloupe::ui
