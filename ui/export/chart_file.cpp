// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/chart_file.h"

#include "export/chart_page.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

namespace quantloupe::ui {
namespace {

/// Under a name, so that the tools of translators find what goes through it.
struct Texts {
    Q_DECLARE_TR_FUNCTIONS(quantloupe::ui::ChartFile)
};

QByteArray pngBytes(const ChartPanel &panel, const QString &basis)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    chartImage(panel, basis).save(&buffer, "PNG");
    return buffer.data();
}

QByteArray pdfBytes(const ChartPanel &panel, const QString &basis)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    {
        const QSizeF size = chartPageSize(panel);
        QPdfWriter writer(&buffer);
        writer.setResolution(96);
        writer.setPageSize(QPageSize(size * 0.75, QPageSize::Point, QString(), QPageSize::ExactMatch));
        writer.setPageMargins({});
        QPainter painter(&writer);
        paintChartPage(painter, panel, basis);
    }
    return buffer.data();
}

std::vector<ChartFormat> allFormats()
{
    std::vector<ChartFormat> formats{{QStringLiteral("png"), Texts::tr("PNG image"), pngBytes}};
    if (const auto svg = svgFormat())
        formats.push_back(*svg);
    formats.push_back({QStringLiteral("pdf"), Texts::tr("PDF document"), pdfBytes});
    return formats;
}

} // namespace

const std::vector<ChartFormat> &chartFormats()
{
    static const std::vector<ChartFormat> formats = allFormats();
    return formats;
}

QImage chartImage(const ChartPanel &panel, const QString &basis)
{
    constexpr double kScale = 2.0;
    QImage image((chartPageSize(panel) * kScale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(kScale);
    QPainter painter(&image);
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    paintChartPage(painter, panel, basis);
    return image;
}

QString writeChart(const ChartPanel &panel, const QString &basis, const QString &file)
{
    const QString suffix = QFileInfo(file).suffix().toLower();
    for (const ChartFormat &format : chartFormats()) {
        if (format.suffix != suffix)
            continue;
        QSaveFile out(file);
        if (!out.open(QIODevice::WriteOnly) || out.write(format.bytes(panel, basis)) < 0 || !out.commit())
            return Texts::tr("%1 cannot be written: %2").arg(file, out.errorString());
        return {};
    }
    return Texts::tr("%1: charts are written as png, svg or pdf, told by the file’s ending.").arg(file);
}

} // namespace quantloupe::ui
