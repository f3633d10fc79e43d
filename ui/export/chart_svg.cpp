// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/chart_file.h"
#include "export/chart_page.h"

#include "charts/chart_panel.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QPainter>
#include <QSvgGenerator>

namespace quantloupe::ui {
namespace {

QByteArray svgBytes(const ChartPanel &panel, const QString &basis)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setViewBox(QRectF({}, chartPageSize(panel)));
        generator.setSize(chartPageSize(panel).toSize());
        generator.setTitle(panel.title());
        generator.setDescription(panel.summary());
        QPainter painter(&generator);
        paintChartPage(painter, panel, basis);
    }
    return buffer.data();
}

} // namespace

std::optional<ChartFormat> svgFormat()
{
    return ChartFormat{QStringLiteral("svg"), QCoreApplication::translate("quantloupe::ui::ChartFile", "SVG drawing"), svgBytes};
}

} // namespace quantloupe::ui
