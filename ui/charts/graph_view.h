// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/outline.h"
#include "models/verdict.h"

#include <QAbstractScrollArea>

#include <memory>
#include <vector>

namespace quantloupe::ui {

/// A model's graph as it is drawn.
struct GraphDrawing {
    std::shared_ptr<const Model> model;
    Outline outline;
};

/// What a node says about the error at its output.
struct NodeMark {
    QString text; ///< "rmse/scale 0.84"; empty without a figure
    Verdict verdict = Verdict::Unknown;
    double severity = 0.0; ///< 0..1, how strongly it is tinted
};

/// Nodes and edges in layers, drawn as far as they are seen: the time of a frame grows with what is on the screen, not with the graph.
/// Arrows walk along the edges; Shift+Up, Shift+Down and Shift+Backspace zoom as in Netron.
class GraphView : public QAbstractScrollArea {
    Q_OBJECT
public:
    enum class Direction { Down, Right };

    explicit GraphView(QWidget *parent = nullptr);

    void setDrawing(std::shared_ptr<const GraphDrawing> drawing);
    const GraphDrawing *drawing() const { return m_drawing.get(); }
    void setMarks(std::vector<NodeMark> marks);

    /// -1: none. The selected node is brought into view; linked ones are those that mean the same in the other graph.
    void select(int node);
    int selected() const { return m_selected; }
    void setFound(std::vector<bool> isFound);

    double zoom() const { return m_zoom; }
    void setZoom(double zoom);
    /// As large as the view allows, at most life size.
    void fit();
    void setDirection(Direction direction);
    Direction direction() const { return m_direction; }
    void setNamesShown(bool isShown);
    void setAttributesShown(bool isShown);
    void setWeightsShown(bool isShown);
    /// The wheel zooms, or scrolls.
    void setWheelZooms(bool zooms) { m_wheelZooms = zooms; }

    QSizeF pictureSize() const;
    void paintPicture(QPainter &painter, const QRectF &target) const;

    /// Node at a point of the viewport; -1 without one.
    int nodeAt(const QPointF &position) const;
    /// In viewport coordinates.
    QRectF placeOf(int node) const;

signals:
    void clicked(int node);
    void activated(int node); ///< double click, or Enter: folds and unfolds
    void moved();             ///< scrolled or zoomed

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QSizeF nodeSize() const;
    QSizeF pitch() const; ///< from one node to the next, along and across the layers as drawn
    QSizeF extent() const;
    QRectF rectOf(int node) const; ///< in the graph's own coordinates
    QPointF scrolled() const;
    void measure();
    void reveal(int node);
    void zoomAt(const QPointF &position, double zoom);
    void walk(int key);

    void paintGraph(QPainter &painter, const QRectF &visible, double zoom) const;
    void paintEdges(QPainter &painter, const QRectF &visible) const;
    void paintEdge(QPainter &painter, std::size_t edge) const;
    void paintNode(QPainter &painter, int node, double zoom) const;
    template <typename Visit> void visitVisible(const QRectF &visible, Visit visit) const;
    QString attributesOf(int node) const;
    QString weightsOf(int node) const;

    std::shared_ptr<const GraphDrawing> m_drawing;
    std::vector<std::vector<std::size_t>> m_edgesFrom; ///< by layer, the edges that are bent or short
    std::vector<std::size_t> m_longEdges;
    std::vector<NodeMark> m_marks;
    std::vector<bool> m_isFound;
    int m_selected = -1;
    double m_zoom = 1.0;
    Direction m_direction = Direction::Down;
    bool m_namesShown = true;
    bool m_attributesShown = false;
    bool m_weightsShown = false;
    bool m_wheelZooms = false;
    QPointF m_dragged;
    bool m_isDragging = false;
};

} // namespace quantloupe::ui
