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

QFont smallFont(const ChartPanel &panel)
{
    QFont small = panel.font();
    small.setPointSizeF(small.pointSizeF() * 0.88);
    return small;
}

double legendHeight(const ChartPanel &panel, double width)
{
    return kLine * legendLines(panel.legend(), width, QFontMetricsF(smallFont(panel)));
}

} // namespace

QSizeF chartPageSize(const ChartPanel &panel)
{
    const QSizeF plot = panel.pictureSize();
    const double width = std::max(plot.width(), 320.0);
    return {width + 2 * kMargin, plot.height() + 3 * kLine + legendHeight(panel, width) + 2 * kMargin};
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
    painter.setFont(smallFont(panel));
    const QRectF legend(kMargin, kMargin + kLine, size.width() - 2 * kMargin, legendHeight(panel, size.width() - 2 * kMargin));
    paintLegend(painter, legend, panel.legend(), palette);
    const QSizeF plot = panel.pictureSize();
    const QRectF target(legend.bottomLeft(), plot);
    panel.paintPicture(painter, target);
    const QColor faint = meaningColors(palette).faintText;
    line(target.bottom(), panel.summary(), faint, false);
    line(target.bottom() + kLine, basis, faint, false);
}

} // namespace quantloupe::ui
