// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/graph_view.h"

#include "charts/verdict_look.h"
#include "style/theme.h"
#include "text/plain_text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QStringList>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr double kSmallestZoom = 0.02;
constexpr double kLargestZoom = 3.0;
constexpr double kZoomStep = 1.2;
constexpr double kTextFrom = 0.35; ///< zoomed out further, text is dust
constexpr double kMargin = 24.0;
constexpr double kLongestPicture = 6000.0;
constexpr int kMark = 12;

QString shapeText(const Tensor &tensor)
{
    return QString::fromStdString(tensor.shape.text());
}

} // namespace

GraphView::GraphView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::OpenHandCursor);
    viewport()->setBackgroundRole(QPalette::Base);
    for (QScrollBar *bar : {horizontalScrollBar(), verticalScrollBar()})
        connect(bar, &QScrollBar::valueChanged, this, [this] {
            viewport()->update();
            emit moved();
        });
}

void GraphView::setDrawing(std::shared_ptr<const GraphDrawing> drawing)
{
    m_drawing = std::move(drawing);
    m_marks.clear();
    m_isFound.clear();
    m_selected = -1;
    m_edgesFrom.clear();
    m_longEdges.clear();
    if (m_drawing) {
        const LayeredLayout &layout = m_drawing->outline.layout;
        m_edgesFrom.resize(layout.rows.size());
        for (std::size_t edge = 0; edge < m_drawing->outline.edges.size(); ++edge) {
            const LayoutEdge &ends = m_drawing->outline.edges[edge];
            const int from = layout.layer[static_cast<std::size_t>(ends.from)];
            const int to = layout.layer[static_cast<std::size_t>(ends.to)];
            if (to - from <= LayeredLayout::kLongestBent)
                m_edgesFrom[static_cast<std::size_t>(from)].push_back(edge);
            else
                m_longEdges.push_back(edge);
        }
    }
    measure();
    viewport()->update();
}

void GraphView::setMarks(std::vector<NodeMark> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
}

void GraphView::setFound(std::vector<bool> isFound)
{
    m_isFound = std::move(isFound);
    viewport()->update();
}

void GraphView::select(int node)
{
    if (node == m_selected)
        return;
    m_selected = node;
    if (node >= 0)
        reveal(node);
    viewport()->update();
}

// --- geometry

QSizeF GraphView::nodeSize() const
{
    const QFontMetricsF metrics(font());
    const int lines = 2 + m_namesShown + m_attributesShown + m_weightsShown;
    return {std::ceil(metrics.averageCharWidth() * 34.0), std::ceil(metrics.height() * lines + 10.0)};
}

QSizeF GraphView::pitch() const
{
    const QSizeF node = nodeSize();
    return m_direction == Direction::Down ? QSizeF(node.width() + 22.0, node.height() + 32.0) : QSizeF(node.width() + 48.0, node.height() + 16.0);
}

QSizeF GraphView::extent() const
{
    if (!m_drawing)
        return {};
    const LayeredLayout &layout = m_drawing->outline.layout;
    const double along = static_cast<double>(std::max<std::size_t>(layout.rows.size(), 1) - 1);
    const QSizeF step = pitch();
    const QSizeF spread = m_direction == Direction::Down ? QSizeF(layout.width * step.width(), along * step.height()) : QSizeF(along * step.width(), layout.width * step.height());
    return spread + nodeSize() + QSizeF(2 * kMargin, 2 * kMargin);
}

QRectF GraphView::rectOf(int node) const
{
    const LayeredLayout &layout = m_drawing->outline.layout;
    const double across = layout.x[static_cast<std::size_t>(node)];
    const double along = layout.layer[static_cast<std::size_t>(node)];
    const QSizeF step = pitch();
    const QPointF corner = m_direction == Direction::Down ? QPointF(across * step.width(), along * step.height()) : QPointF(along * step.width(), across * step.height());
    return {corner + QPointF(kMargin, kMargin), nodeSize()};
}

QPointF GraphView::scrolled() const
{
    // What is smaller than the view stands in its middle.
    const QSizeF whole = extent() * m_zoom;
    const QSizeF view = viewport()->size();
    return {whole.width() < view.width() ? (whole.width() - view.width()) / 2 : horizontalScrollBar()->value(),
            whole.height() < view.height() ? (whole.height() - view.height()) / 2 : verticalScrollBar()->value()};
}

void GraphView::measure()
{
    const QSizeF whole = extent() * m_zoom;
    const QSize view = viewport()->size();
    const auto set = [](QScrollBar &bar, double length, int page) {
        bar.setRange(0, std::max(0, static_cast<int>(std::ceil(length)) - page));
        bar.setPageStep(page);
        bar.setSingleStep(40);
    };
    set(*horizontalScrollBar(), whole.width(), view.width());
    set(*verticalScrollBar(), whole.height(), view.height());
}

QRectF GraphView::placeOf(int node) const
{
    const QRectF rect = rectOf(node);
    return {rect.topLeft() * m_zoom - scrolled(), rect.size() * m_zoom};
}

int GraphView::nodeAt(const QPointF &position) const
{
    if (!m_drawing)
        return -1;
    const QPointF point = (position + scrolled()) / m_zoom;
    int found = -1;
    visitVisible(QRectF(point, QSizeF(0.01, 0.01)), [&](int node) { found = rectOf(node).contains(point) ? node : found; });
    return found;
}

void GraphView::reveal(int node)
{
    const QRectF place = placeOf(node);
    const QRectF view = QRectF(viewport()->rect()).adjusted(8, 8, -8, -8);
    if (view.contains(place))
        return;
    const QPointF move = place.center() - view.center();
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(move.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(move.y()));
}

void GraphView::setZoom(double zoom)
{
    zoomAt(QRectF(viewport()->rect()).center(), zoom);
}

void GraphView::zoomAt(const QPointF &position, double zoom)
{
    const QPointF point = (position + scrolled()) / m_zoom;
    m_zoom = std::clamp(zoom, kSmallestZoom, kLargestZoom);
    measure();
    const QPointF corner = point * m_zoom - position;
    horizontalScrollBar()->setValue(static_cast<int>(std::lround(corner.x())));
    verticalScrollBar()->setValue(static_cast<int>(std::lround(corner.y())));
    viewport()->update();
    emit moved();
}

void GraphView::fit()
{
    const QSizeF whole = extent();
    if (whole.isEmpty())
        return;
    setZoom(std::min({1.0, viewport()->width() / whole.width(), viewport()->height() / whole.height()}));
}

void GraphView::setDirection(Direction direction)
{
    m_direction = direction;
    measure();
    if (m_selected >= 0)
        reveal(m_selected);
    viewport()->update();
}

void GraphView::setNamesShown(bool isShown)
{
    m_namesShown = isShown;
    measure();
    viewport()->update();
}

void GraphView::setAttributesShown(bool isShown)
{
    m_attributesShown = isShown;
    measure();
    viewport()->update();
}

void GraphView::setWeightsShown(bool isShown)
{
    m_weightsShown = isShown;
    measure();
    viewport()->update();
}

// --- painting

template <typename Visit> void GraphView::visitVisible(const QRectF &visible, Visit visit) const
{
    const LayeredLayout &layout = m_drawing->outline.layout;
    const QSizeF step = pitch();
    const QSizeF node = nodeSize();
    const bool isDown = m_direction == Direction::Down;
    const double alongFirst = isDown ? visible.top() : visible.left();
    const double alongLast = isDown ? visible.bottom() : visible.right();
    const double alongStep = isDown ? step.height() : step.width();
    const double alongSize = isDown ? node.height() : node.width();
    const double acrossStep = isDown ? step.width() : step.height();
    const double acrossSize = isDown ? node.width() : node.height();
    const double first = ((isDown ? visible.left() : visible.top()) - kMargin - acrossSize) / acrossStep;
    const double last = ((isDown ? visible.right() : visible.bottom()) - kMargin) / acrossStep;
    const int firstRow = std::max(0, static_cast<int>(std::floor((alongFirst - kMargin - alongSize) / alongStep)));
    const int lastRow = std::min(static_cast<int>(layout.rows.size()) - 1, static_cast<int>(std::ceil((alongLast - kMargin) / alongStep)));
    for (int row = firstRow; row <= lastRow; ++row) {
        const auto &nodes = layout.rows[static_cast<std::size_t>(row)];
        const auto x = [&](int each) { return layout.x[static_cast<std::size_t>(each)]; };
        for (auto each = std::lower_bound(nodes.begin(), nodes.end(), first, [&](int a, double b) { return x(a) < b; }); each != nodes.end() && x(*each) <= last; ++each)
            visit(*each);
    }
}

void GraphView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().base());
    if (!m_drawing)
        return;
    painter.setRenderHint(QPainter::Antialiasing, m_zoom > 0.2);
    painter.translate(-scrolled());
    painter.scale(m_zoom, m_zoom);
    paintGraph(painter, QRectF(scrolled() / m_zoom, QSizeF(viewport()->size()) / m_zoom), m_zoom);
}

void GraphView::paintGraph(QPainter &painter, const QRectF &visible, double zoom) const
{
    painter.setFont(font());
    paintEdges(painter, visible);
    visitVisible(visible, [&](int node) { paintNode(painter, node, zoom); });
}

void GraphView::paintEdges(QPainter &painter, const QRectF &visible) const
{
    const bool isDown = m_direction == Direction::Down;
    const double step = isDown ? pitch().height() : pitch().width();
    const int rows = static_cast<int>(m_edgesFrom.size());
    const int first = std::clamp(static_cast<int>((isDown ? visible.top() : visible.left()) / step) - LayeredLayout::kLongestBent - 1, 0, rows);
    const int last = std::clamp(static_cast<int>((isDown ? visible.bottom() : visible.right()) / step) + 1, 0, rows);
    painter.setBrush(Qt::NoBrush);
    for (int row = first; row < last; ++row)
        for (const std::size_t edge : m_edgesFrom[static_cast<std::size_t>(row)])
            paintEdge(painter, edge);
    for (const std::size_t edge : m_longEdges) {
        const LayoutEdge &ends = m_drawing->outline.edges[edge];
        if (rectOf(ends.from).united(rectOf(ends.to)).intersects(visible))
            paintEdge(painter, edge);
    }
}

void GraphView::paintEdge(QPainter &painter, std::size_t edge) const
{
    const LayoutEdge &ends = m_drawing->outline.edges[edge];
    const auto &bends = m_drawing->outline.layout.bends[edge];
    const bool isDown = m_direction == Direction::Down;
    const QRectF from = rectOf(ends.from);
    const QRectF to = rectOf(ends.to);
    const QSizeF step = pitch();
    const QSizeF node = nodeSize();
    QColor color = palette().color(QPalette::Text);
    const bool isOfSelection = ends.from == m_selected || ends.to == m_selected;
    color.setAlphaF(isOfSelection ? 0.9f : 0.35f);
    painter.setPen(QPen(isOfSelection ? meaningColors(palette()).selection : color, isOfSelection ? 2.0 : 1.3));
    QPointF at = isDown ? QPointF(from.center().x(), from.bottom()) : QPointF(from.right(), from.center().y());
    QPainterPath path(at);
    const auto curveTo = [&](const QPointF &next) {
        if (isDown)
            path.cubicTo(at.x(), (at.y() + next.y()) / 2, next.x(), (at.y() + next.y()) / 2, next.x(), next.y());
        else
            path.cubicTo((at.x() + next.x()) / 2, at.y(), (at.x() + next.x()) / 2, next.y(), next.x(), next.y());
        at = next;
    };
    const int layer = m_drawing->outline.layout.layer[static_cast<std::size_t>(ends.from)];
    for (std::size_t i = 0; i < bends.size(); ++i) {
        const double along = layer + 1 + static_cast<double>(i);
        const QPointF corner = isDown ? QPointF(bends[i] * step.width() + node.width() / 2, along * step.height()) : QPointF(along * step.width(), bends[i] * step.height() + node.height() / 2);
        const QPointF start = corner + QPointF(kMargin, kMargin);
        curveTo(start);
        at = isDown ? start + QPointF(0, node.height()) : start + QPointF(node.width(), 0);
        path.lineTo(at);
    }
    curveTo(isDown ? QPointF(to.center().x(), to.top()) : QPointF(to.left(), to.center().y()));
    painter.drawPath(path);
}

void GraphView::paintNode(QPainter &painter, int node, double zoom) const
{
    const Outline::Node &what = m_drawing->outline.nodes[static_cast<std::size_t>(node)];
    const QRectF rect = rectOf(node);
    const NodeMark mark = static_cast<std::size_t>(node) < m_marks.size() ? m_marks[static_cast<std::size_t>(node)] : NodeMark{};
    const VerdictLook look = lookOf(mark.verdict, palette());
    const MeaningColors colors = meaningColors(palette());
    const bool isEnd = what.kind == Outline::NodeKind::Input || what.kind == Outline::NodeKind::Output;
    QColor tint = mark.verdict == Verdict::Unknown ? colors.quantizedSide : look.color;
    tint.setAlphaF(mark.text.isEmpty() ? 0.0f : 0.06f + 0.34f * static_cast<float>(mark.severity));
    const bool isFound = static_cast<std::size_t>(node) < m_isFound.size() && m_isFound[static_cast<std::size_t>(node)];

    QColor edge = palette().color(QPalette::Text);
    edge.setAlphaF(0.45f);
    QPen outline(edge, std::max(1.0, 0.6 / zoom));
    if (node == m_selected)
        outline = QPen(colors.selection, std::max(3.0, 2.0 / zoom));
    else if (isFound)
        outline = QPen(colors.raised, 2.5, Qt::DashLine);
    painter.setPen(outline);
    painter.setBrush(palette().color(QPalette::Button));
    const double corner = isEnd ? rect.height() / 2 : 5.0;
    painter.drawRoundedRect(rect, corner, corner);
    if (what.kind == Outline::NodeKind::Block) // a pile: more than one operator is inside
        painter.drawRoundedRect(rect.adjusted(3, 3, -3, -3), 4.0, 4.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tint);
    painter.drawRoundedRect(rect, corner, corner);
    if (zoom < kTextFrom)
        return;

    const QFontMetricsF metrics(font());
    const double height = metrics.height();
    double top = rect.top() + 5.0;
    const auto line = [&](const QString &text, const QColor &color, bool isTitle, double indent) {
        QFont lineFont = font();
        lineFont.setWeight(isTitle ? QFont::DemiBold : QFont::Normal);
        painter.setFont(lineFont);
        painter.setPen(color);
        const QRectF place(rect.left() + 10 + indent, top, rect.width() - 20 - indent, height);
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter, QFontMetricsF(lineFont).elidedText(text, Qt::ElideMiddle, place.width()));
        top += height;
    };
    const QColor text = palette().color(QPalette::Text);
    line(plainText(what.title), text, true, 0.0);
    if (m_namesShown)
        line(plainText(what.name.substr(0, what.name.find(';'))), colors.faintText, false, 0.0);
    if (m_attributesShown)
        line(attributesOf(node), colors.faintText, false, 0.0);
    if (m_weightsShown)
        line(weightsOf(node), colors.faintText, false, 0.0);
    if (!mark.text.isEmpty()) {
        if (mark.verdict != Verdict::Unknown)
            icon(look.glyph, look.color).paint(&painter, QRectF(rect.left() + 10, top + (height - kMark) / 2, kMark, kMark).toRect());
        line(mark.text, text, false, mark.verdict != Verdict::Unknown ? kMark + 4 : 0.0);
    } else if (what.tensor.isValid()) {
        line(shapeText(m_drawing->model->main().tensor(what.tensor)), colors.faintText, false, 0.0);
    }
}

QString GraphView::attributesOf(int node) const
{
    QStringList parts;
    for (const OperatorIndex index : m_drawing->outline.nodes[static_cast<std::size_t>(node)].operators) {
        for (const auto &[name, value] : m_drawing->model->main().op(index).options.all()) {
            if (const auto *text = std::get_if<std::string>(&value); text && !text->empty() && *text != "NONE")
                parts << plainText(*text);
            else if (const auto *number = std::get_if<std::int64_t>(&value); number && *number != 0)
                parts << QStringLiteral("%1 %2").arg(plainText(name)).arg(*number);
        }
        if (parts.size() > 4)
            break;
    }
    return parts.join(QStringLiteral(", "));
}

QString GraphView::weightsOf(int node) const
{
    QStringList shapes;
    for (const OperatorIndex index : m_drawing->outline.nodes[static_cast<std::size_t>(node)].operators) {
        for (const TensorIndex input : m_drawing->model->main().op(index).inputs)
            if (input.isValid() && m_drawing->model->main().tensor(input).isConstant())
                shapes << shapeText(m_drawing->model->main().tensor(input));
        if (shapes.size() > 4)
            break;
    }
    return shapes.join(QStringLiteral(", "));
}

QSizeF GraphView::pictureSize() const
{
    const QSizeF whole = extent();
    return whole * std::min(1.0, kLongestPicture / std::max({whole.width(), whole.height(), 1.0}));
}

void GraphView::paintPicture(QPainter &painter, const QRectF &target) const
{
    if (!m_drawing)
        return;
    const double scale = target.width() / extent().width();
    painter.save();
    painter.setClipRect(target);
    painter.translate(target.topLeft());
    painter.scale(scale, scale);
    paintGraph(painter, QRectF({}, extent()), scale);
    painter.restore();
}

// --- events

void GraphView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    measure();
}

void GraphView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        measure();
    viewport()->update();
}

void GraphView::mousePressEvent(QMouseEvent *event)
{
    m_dragged = event->position();
    m_isDragging = false;
}

void GraphView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    const QPointF move = event->position() - m_dragged;
    if (!m_isDragging && move.manhattanLength() < 4)
        return;
    m_isDragging = true;
    m_dragged = event->position();
    viewport()->setCursor(Qt::ClosedHandCursor);
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - static_cast<int>(move.x()));
    verticalScrollBar()->setValue(verticalScrollBar()->value() - static_cast<int>(move.y()));
}

void GraphView::mouseReleaseEvent(QMouseEvent *event)
{
    viewport()->setCursor(Qt::OpenHandCursor);
    if (const int node = nodeAt(event->position()); !m_isDragging && node >= 0)
        emit clicked(node);
    m_isDragging = false;
}

void GraphView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const int node = nodeAt(event->position()); node >= 0)
        emit activated(node);
}

void GraphView::wheelEvent(QWheelEvent *event)
{
    if (m_wheelZooms != bool(event->modifiers() & Qt::ControlModifier)) {
        zoomAt(event->position(), m_zoom * std::pow(kZoomStep, event->angleDelta().y() / 120.0));
        event->accept();
        return;
    }
    QAbstractScrollArea::wheelEvent(event);
}

void GraphView::keyPressEvent(QKeyEvent *event)
{
    const bool isShifted = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (isShifted)
            setZoom(m_zoom * (event->key() == Qt::Key_Up ? kZoomStep : 1 / kZoomStep));
        else
            walk(event->key());
        return;
    case Qt::Key_Left:
    case Qt::Key_Right:
        walk(event->key());
        return;
    case Qt::Key_Backspace:
        if (isShifted)
            setZoom(1.0);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_selected >= 0)
            emit activated(m_selected);
        return;
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

/// Against and along the edges, and to the neighbours in the layer, whichever way the layers are drawn.
void GraphView::walk(int key)
{
    if (!m_drawing || m_drawing->outline.nodes.empty())
        return;
    if (m_selected < 0) {
        emit clicked(0);
        return;
    }
    const bool isDown = m_direction == Direction::Down;
    const int back = isDown ? Qt::Key_Up : Qt::Key_Left;
    const int onward = isDown ? Qt::Key_Down : Qt::Key_Right;
    if (key == back || key == onward) {
        for (const LayoutEdge &edge : m_drawing->outline.edges)
            if ((key == back ? edge.to : edge.from) == m_selected) {
                emit clicked(key == back ? edge.from : edge.to);
                return;
            }
        return;
    }
    const LayeredLayout &layout = m_drawing->outline.layout;
    const auto &row = layout.rows[static_cast<std::size_t>(layout.layer[static_cast<std::size_t>(m_selected)])];
    const auto place = std::find(row.begin(), row.end(), m_selected) - row.begin() + (key == Qt::Key_Left || key == Qt::Key_Up ? -1 : 1);
    if (place >= 0 && place < static_cast<std::ptrdiff_t>(row.size()))
        emit clicked(row[static_cast<std::size_t>(place)]);
}

bool GraphView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int node = nodeAt(help->pos());
        if (node < 0) {
            QToolTip::hideText();
            return true;
        }
        const Outline::Node &what = m_drawing->outline.nodes[static_cast<std::size_t>(node)];
        QStringList lines{plainText(what.title), plainText(what.name), attributesOf(node), weightsOf(node)};
        if (static_cast<std::size_t>(node) < m_marks.size() && !m_marks[static_cast<std::size_t>(node)].text.isEmpty())
            lines << tr("%1: %2").arg(m_marks[static_cast<std::size_t>(node)].text, verdictText(m_marks[static_cast<std::size_t>(node)].verdict));
        lines.removeAll(QString());
        QToolTip::showText(help->globalPos(), plainToolTip(lines.join(QLatin1Char('\n'))), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace quantloupe::ui
