// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_image.h"

#include <QChart>
#include <QGraphicsItem>
#include <QImage>
#include <QPainter>

namespace quantloupe::ui {
namespace {

/// Looks up its place whenever it is painted: Qt Charts lays the plot area out late.
class PlotImage : public QGraphicsItem {
public:
    PlotImage(QChart &chart, const QImage &image, const QRectF &values) : QGraphicsItem(&chart), m_chart(chart), m_image(image), m_values(values) { setZValue(-1.0); }

    QRectF boundingRect() const override { return m_chart.rect(); }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *) override
    {
        const QPointF bottomLeft = m_chart.mapToPosition(m_values.topLeft());
        const QPointF topRight = m_chart.mapToPosition(m_values.bottomRight());
        painter->save();
        painter->setClipRect(m_chart.plotArea());
        painter->setRenderHint(QPainter::SmoothPixmapTransform, false); // cells are cells
        painter->drawImage(QRectF(bottomLeft.x(), topRight.y(), topRight.x() - bottomLeft.x(), bottomLeft.y() - topRight.y()), m_image);
        painter->restore();
    }

private:
    QChart &m_chart;
    QImage m_image;
    QRectF m_values;
};

} // namespace

void addPlotImage(QChart &chart, const QImage &image, const QRectF &values)
{
    new PlotImage(chart, image, values); // owned by the chart it is a child of
}

QImage imageOfCells(int columns, int rows, const std::function<QRgb(int column, int row)> &color)
{
    QImage image(columns, rows, QImage::Format_ARGB32);
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
            image.setPixel(column, rows - 1 - row, color(column, row));
    return image;
}

void removePlotImages(QChart &chart)
{
    const auto items = chart.childItems();
    for (QGraphicsItem *item : items)
        if (dynamic_cast<PlotImage *>(item))
            delete item;
}

} // namespace quantloupe::ui
