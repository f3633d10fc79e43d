// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/plot_view.h"

#include <QChart>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace quantloupe::ui {

PlotView::PlotView(QWidget *parent) : QChartView(new QChart, parent)
{
    setRenderHint(QPainter::Antialiasing);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAcceptDrops(false); // drops belong to the window
    setMinimumSize(120, 90);
}

bool PlotView::isInPlot(const QPointF &position) const
{
    return !chart()->series().isEmpty() && chart()->plotArea().contains(position);
}

void PlotView::mouseMoveEvent(QMouseEvent *event)
{
    QChartView::mouseMoveEvent(event);
    if (isInPlot(event->position()))
        emit hovered(chart()->mapToValue(event->position()), event->globalPosition().toPoint());
}

void PlotView::mousePressEvent(QMouseEvent *event)
{
    QChartView::mousePressEvent(event);
    if (event->button() == Qt::LeftButton && isInPlot(event->position()))
        emit clicked(chart()->mapToValue(event->position()));
}

void PlotView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        emit stepped(event->key() == Qt::Key_Left ? -1 : 1);
    else
        QChartView::keyPressEvent(event);
}

void PlotView::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    emit resized();
}

void PlotView::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // the scene never scrolls
}

void PlotView::drawForeground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawForeground(painter, rect);
    if (!hasFocus())
        return;
    painter->setPen(QPen(palette().color(QPalette::Highlight), 1.0));
    painter->drawRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
}

} // namespace quantloupe::ui
