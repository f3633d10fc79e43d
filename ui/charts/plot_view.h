// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChartView>

namespace quantloupe::ui {

/// A chart that says where the pointer is in the values of its axes, and hands arrow keys on.
class PlotView : public QChartView {
    Q_OBJECT
public:
    explicit PlotView(QWidget *parent = nullptr);

signals:
    void hovered(const QPointF &value, const QPoint &globalPosition);
    void clicked(const QPointF &value);
    void stepped(int direction); ///< Left and Right
    void resized();

protected:
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;

private:
    bool isInPlot(const QPointF &position) const;
};

} // namespace quantloupe::ui
