// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/chart_panel.h"
#include "charts/graph_view.h"

namespace quantloupe::ui {

/// One graph with title, legend, a summary in words, and the menu that saves it.
class GraphPanel : public ChartPanel {
    Q_OBJECT
public:
    GraphPanel(const QString &objectName, const QString &title, QWidget *parent = nullptr);

    GraphView &view() const { return *m_view; }
    /// Null shows the sentence instead.
    void setDrawing(std::shared_ptr<const GraphDrawing> drawing, const QString &instead);
    /// `metric` is what the marks say: "rmse/scale (local)"; empty without figures.
    void setMarks(std::vector<NodeMark> marks, const QString &metric);

    QSizeF pictureSize() const override { return m_view->pictureSize(); }
    void paintPicture(QPainter &painter, const QRectF &target) const override { m_view->paintPicture(painter, target); }

protected:
    void rebuild() override;

private:
    QString summaryText() const;

    GraphView *m_view;
    QString m_instead;
    QString m_metric;
    int m_marked = 0;
};

} // namespace quantloupe::ui
