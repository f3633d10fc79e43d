// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/cause_chart.h"

#include "charts/legend.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr int kMostInPicture = 40;
/// Beyond these shares an axis would show compensation and little else; such bars are cut and marked.
constexpr double kFirstShare = -0.5;
constexpr double kLastShare = 1.5;

struct Look {
    QColor color;
    Qt::BrushStyle pattern;
};

/// Light tones, dark text on all of them in either theme; the set of Okabe and Ito stays apart without full colour vision,
/// and the patterns without any.
Look lookOf(Cause cause)
{
    switch (cause) {
    case Cause::Inputs: return {QColor(0xb4, 0xba, 0xc2), Qt::NoBrush};
    case Cause::Weights: return {QColor(0x56, 0xb4, 0xe9), Qt::BDiagPattern};
    case Cause::Bias: return {QColor(0xf0, 0xe4, 0x42), Qt::VerPattern};
    case Cause::Clipping: return {QColor(0xf0, 0x80, 0x48), Qt::DiagCrossPattern};
    case Cause::Rounding: return {QColor(0x5c, 0xc8, 0xa8), Qt::NoBrush};
    case Cause::Arithmetic: return {QColor(0xe6, 0x9f, 0x00), Qt::FDiagPattern};
    case Cause::State: return {QColor(0xd9, 0x8f, 0xb8), Qt::HorPattern};
    }
    return {};
}

QColor darkText()
{
    return QColor(0x14, 0x18, 0x1d);
}

void fill(QPainter &painter, const QRectF &place, const Look &look)
{
    painter.fillRect(place, look.color);
    if (look.pattern != Qt::NoBrush)
        painter.fillRect(place, QBrush(QColor(0, 0, 0, 110), look.pattern));
    painter.setPen(QPen(look.color.darker(170), 1.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(place);
}

} // namespace

struct CauseBars::Columns {
    QRectF label;
    QRectF bar;
    QRectF outputs;
    double x(double share, double first, double last) const { return bar.left() + bar.width() * (std::clamp(share, first, last) - first) / (last - first); }
};

CauseBars::CauseBars(const CausesModel &model, QWidget *parent) : QAbstractScrollArea(parent), m_model(model)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    setMinimumSize(240, 120);
}

void CauseBars::refresh()
{
    m_first = 0.0;
    m_last = 1.0;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        double below = 0.0;
        double above = 0.0;
        for (const CauseShare &share : m_model.causes(row).causes)
            (share.share < 0.0 ? below : above) += share.share;
        m_first = std::min(m_first, below);
        m_last = std::max(m_last, above);
    }
    m_first = std::max(kFirstShare, std::floor(m_first * 20.0 + 1e-6) / 20.0);
    m_last = std::min(kLastShare, std::ceil(m_last * 20.0 - 1e-6) / 20.0);
    measure();
    viewport()->update();
}

void CauseBars::choose(int row)
{
    m_chosen = row;
    if (row >= 0 && row < m_model.rowCount()) {
        QScrollBar &bar = *verticalScrollBar();
        const double top = row * rowHeight();
        const double seen = viewport()->height() - headHeight();
        if (top < bar.value())
            bar.setValue(static_cast<int>(top));
        else if (top + rowHeight() > bar.value() + seen)
            bar.setValue(static_cast<int>(std::ceil(top + rowHeight() - seen)));
    }
    viewport()->update();
}

/// A few operators take the room there is, many scroll.
double CauseBars::rowHeight() const
{
    const double least = fontMetrics().height() + 9;
    return std::clamp((viewport()->height() - headHeight()) / std::max(1, m_model.rowCount()), least, 1.8 * least);
}

double CauseBars::headHeight() const
{
    return fontMetrics().height() + 8;
}

CauseBars::Columns CauseBars::columns(double width) const
{
    const double label = std::min(width * 0.34, fontMetrics().averageCharWidth() * 36.0);
    const double outputs = fontMetrics().horizontalAdvance(tr("at the outputs"));
    const double end = fontMetrics().horizontalAdvance(tr("%1 %").arg(100)) / 2; // half of the last number on the axis
    const double height = rowHeight();
    return {{4, 0, label - 12, height}, {label, 3, std::max(40.0, width - label - outputs - end - 14), height - 7}, {width - outputs - 6, 0, outputs, height}};
}

int CauseBars::rowAt(const QPoint &position) const
{
    const double y = position.y() - headHeight() + verticalScrollBar()->value();
    const int row = static_cast<int>(std::floor(y / rowHeight()));
    return position.y() >= headHeight() && row >= 0 && row < m_model.rowCount() ? row : -1;
}

QRectF CauseBars::placeOf(int row) const
{
    return {0.0, headHeight() + row * rowHeight() - verticalScrollBar()->value(), static_cast<double>(viewport()->width()), rowHeight()};
}

void CauseBars::measure()
{
    const double seen = viewport()->height() - headHeight();
    const double all = m_model.rowCount() * rowHeight();
    verticalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(all - seen))));
    verticalScrollBar()->setPageStep(std::max(1, static_cast<int>(seen)));
    verticalScrollBar()->setSingleStep(static_cast<int>(rowHeight()));
}

QSizeF CauseBars::pictureSize() const
{
    return {std::max(680.0, static_cast<double>(viewport()->width())), headHeight() + std::min(m_model.rowCount(), kMostInPicture) * rowHeight()};
}

void CauseBars::paintPicture(QPainter &painter, const QRectF &target) const
{
    const QSizeF size = pictureSize();
    painter.save();
    painter.translate(target.topLeft());
    painter.scale(target.width() / size.width(), target.height() / size.height());
    painter.setFont(font());
    const Columns across = columns(size.width());
    for (int row = 0; row < std::min(m_model.rowCount(), kMostInPicture); ++row)
        paintRow(painter, across, row, headHeight() + row * rowHeight());
    paintHead(painter, across, size.height());
    painter.restore();
}

void CauseBars::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), palette().color(QPalette::Base));
    const Columns across = columns(viewport()->width());
    const int first = std::max(0, static_cast<int>(verticalScrollBar()->value() / rowHeight()));
    const int last = std::min(m_model.rowCount(), static_cast<int>((verticalScrollBar()->value() + viewport()->height()) / rowHeight()) + 1);
    painter.setClipRect(QRectF(0, headHeight(), viewport()->width(), viewport()->height() - headHeight()));
    for (int row = first; row < last; ++row)
        paintRow(painter, across, row, placeOf(row).top());
    painter.setClipping(false);
    paintHead(painter, across, std::min<double>(viewport()->height(), placeOf(m_model.rowCount()).top()));
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.0));
        painter.drawRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void CauseBars::paintHead(QPainter &painter, const Columns &columns, double bottom) const
{
    const MeaningColors colors = meaningColors(palette());
    const double height = headHeight();
    for (double share = std::ceil(m_first * 4.0 - 1e-9) / 4.0; share <= m_last + 1e-9; share += 0.25) {
        const double x = columns.x(share, m_first, m_last);
        painter.setPen(QPen(colors.grid, 1.0));
        painter.drawLine(QPointF(x, height), QPointF(x, bottom));
        painter.setPen(colors.faintText);
        painter.drawText(QRectF(x - 40, 0, 80, height), Qt::AlignCenter, tr("%1 %").arg(QLocale().toString(100.0 * share, 'f', 0)));
    }
    painter.setPen(colors.faintText);
    painter.drawText(QRectF(columns.label.left(), 0, columns.label.width(), height), Qt::AlignLeft | Qt::AlignVCenter, tr("operator"));
    painter.drawText(QRectF(columns.outputs.left(), 0, columns.outputs.width(), height), Qt::AlignRight | Qt::AlignVCenter, tr("at the outputs"));
    painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
    const double zero = columns.x(0.0, m_first, m_last);
    painter.drawLine(QPointF(zero, height), QPointF(zero, bottom));
}

void CauseBars::paintRow(QPainter &painter, const Columns &columns, int row, double top) const
{
    if (row == m_chosen) {
        QColor mark = meaningColors(palette()).selection;
        mark.setAlphaF(0.22f);
        painter.fillRect(QRectF(0, top, columns.outputs.right() + 6, rowHeight()), mark);
    }
    const OperatorCauses &op = m_model.causes(row);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(columns.label.translated(0, top), Qt::AlignLeft | Qt::AlignVCenter, fontMetrics().elidedText(m_model.label(row), Qt::ElideRight, static_cast<int>(columns.label.width())));
    painter.drawText(columns.outputs.translated(0, top), Qt::AlignRight | Qt::AlignVCenter, figureText(op.outputRmse));
    if (op.rmse > 0.0) {
        paintBar(painter, columns, row, top);
        return;
    }
    painter.setPen(meaningColors(palette()).faintText);
    painter.drawText(columns.bar.translated(4, top), Qt::AlignLeft | Qt::AlignVCenter, tr("no error"));
}

void CauseBars::paintBar(QPainter &painter, const Columns &columns, int row, double top) const
{
    struct Label {
        QString text;
        QRectF place;
        QColor color;
    };
    QList<Label> labels;
    double above = 0.0;
    double below = 0.0;
    for (const Cause cause : kCausesInOrder) {
        const double share = m_model.causes(row).of(cause).share;
        double &edge = share < 0.0 ? below : above;
        const double from = columns.x(std::min(edge, edge + share), m_first, m_last);
        const double to = columns.x(std::max(edge, edge + share), m_first, m_last);
        edge += share;
        if (to - from < 0.5)
            continue;
        const QRectF place(from, top + columns.bar.top(), to - from, columns.bar.height());
        fill(painter, place, lookOf(cause));
        const QString percent = tr("%1 %").arg(QLocale().toString(100.0 * share, 'f', 0));
        for (const QString &text : {causeName(cause) + QLatin1Char(' ') + percent, causeName(cause), percent})
            if (const double width = fontMetrics().horizontalAdvance(text) + 6; width <= place.width()) {
                labels.push_back({text, QRectF(place.center().x() - width / 2, place.center().y() - fontMetrics().height() / 2.0, width, fontMetrics().height()), lookOf(cause).color});
                break;
            }
    }
    paintIdeal(painter, columns, row, top);
    for (const Label &label : labels) { // text lies on neither a pattern nor a line
        painter.fillRect(label.place, label.color);
        painter.setPen(darkText());
        painter.drawText(label.place, Qt::AlignCenter, label.text);
    }
    const auto mark = [&](double share, const QString &sign) {
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRectF(columns.x(share, m_first, m_last) - 8, top + columns.bar.top(), 16, columns.bar.height()), Qt::AlignCenter, sign);
    };
    if (above > m_last + 1e-9)
        mark(m_last, QStringLiteral("»"));
    if (below < m_first - 1e-9)
        mark(m_first, QStringLiteral("«"));
}

/// The first segment is rounding, so that its length and the line of the ideal start at the same place.
void CauseBars::paintIdeal(QPainter &painter, const Columns &columns, int row, double top) const
{
    constexpr double kLeastShown = 0.001; // what only copies, or picks the largest, rounds nothing
    const double ideal = m_model.idealShare(row);
    if (std::abs(m_model.causes(row).of(Cause::Rounding).share) < kLeastShown || std::isnan(ideal) || ideal > m_last)
        return;
    const double x = columns.x(ideal, m_first, m_last);
    painter.setPen(QPen(palette().color(QPalette::Text), 2.0, Qt::DotLine));
    painter.drawLine(QPointF(x, top + 1), QPointF(x, top + rowHeight() - 2));
}

QString CauseBars::toolTip(int row) const
{
    QStringList lines{m_model.label(row), m_model.tensorName(row).left(120)};
    for (const Cause cause : kCausesInOrder)
        if (const double share = m_model.causes(row).of(cause).share; std::abs(share) >= 0.0005)
            lines << tr("%1: %2 %").arg(causeName(cause), QLocale().toString(100.0 * share, 'f', 1));
    lines << tr("ideal rounding would be %1 %").arg(QLocale().toString(100.0 * m_model.idealShare(row), 'f', 1));
    return plainToolTip(lines.join(QLatin1Char('\n')));
}

void CauseBars::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    measure();
}

void CauseBars::mousePressEvent(QMouseEvent *event)
{
    if (const int row = rowAt(event->position().toPoint()); row >= 0 && event->button() == Qt::LeftButton)
        emit chosen(row);
}

void CauseBars::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const int row = rowAt(event->position().toPoint()); row >= 0)
        emit opened(row);
}

void CauseBars::keyPressEvent(QKeyEvent *event)
{
    const int rows = m_model.rowCount();
    const int page = std::max(1, static_cast<int>(verticalScrollBar()->pageStep() / rowHeight()));
    int to = m_chosen;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Left: to = m_chosen - 1; break;
    case Qt::Key_Down:
    case Qt::Key_Right: to = m_chosen + 1; break;
    case Qt::Key_PageUp: to = m_chosen - page; break;
    case Qt::Key_PageDown: to = m_chosen + page; break;
    case Qt::Key_Home: to = 0; break;
    case Qt::Key_End: to = rows - 1; break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_chosen >= 0)
            emit opened(m_chosen);
        return;
    default: QAbstractScrollArea::keyPressEvent(event); return;
    }
    if (rows > 0 && std::clamp(to, 0, rows - 1) != m_chosen)
        emit chosen(std::clamp(to, 0, rows - 1));
}

void CauseBars::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void CauseBars::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool CauseBars::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int row = rowAt(help->pos());
    QToolTip::showText(help->globalPos(), row < 0 ? QString() : toolTip(row), viewport());
    return true;
}

CauseChart::CauseChart(const CausesModel &model, Selection &selection, QWidget *parent)
    : ChartPanel(QStringLiteral("causeChart"), tr("Where the error of each operator comes from"), parent), m_model(model), m_bars(new CauseBars(model, this))
{
    m_bars->setObjectName(QStringLiteral("causeBars"));
    m_bars->setAccessibleName(title());
    m_bars->viewport()->setAccessibleName(title());
    setContent(m_bars);
    setFileStem(QStringLiteral("causes"));
    connect(&model, &QAbstractItemModel::modelReset, this, [this, &selection] {
        m_bars->refresh();
        m_bars->choose(m_model.find(selection.current()));
        refresh();
    });
    connect(&selection, &Selection::changed, this, [this](const RowKey &key) { m_bars->choose(m_model.find(key)); });
    connect(m_bars, &CauseBars::chosen, this, [this, &selection](int row) {
        if (m_model.key(row).isValid())
            selection.select(m_model.key(row));
        else
            m_bars->choose(row);
    });
    refresh();
}

void CauseChart::setSentenceInstead(const QString &sentence)
{
    m_instead = sentence;
    refresh();
}

void CauseChart::rebuild()
{
    if (m_model.rowCount() == 0) {
        showInstead(m_instead);
        return;
    }
    QList<LegendEntry> legend;
    for (const Cause cause : kCausesInOrder) {
        const bool isSeen = std::any_of(m_model.analysis()->operators.begin(), m_model.analysis()->operators.end(), [&](const OperatorCauses &op) { return op.of(cause).rms > 0.0; });
        if (isSeen)
            legend << LegendEntry{LegendEntry::Mark::Fill, lookOf(cause).color, causeName(cause), {}, lookOf(cause).pattern};
    }
    legend << LegendEntry{LegendEntry::Mark::Dots, palette().color(QPalette::Text), tr("ideal rounding, scale² / 12")};
    setLegend(legend);
    showPlot(summaryText());
}

QString CauseChart::summaryText() const
{
    const CauseAnalysis &analysis = *m_model.analysis();
    QStringList parts{tr("Operators: %1").arg(countText(m_model.rowCount()))};
    const OperatorCauses &first = m_model.causes(0);
    if (first.rmse > 0.0)
        parts << tr("matters most at the outputs: %1, %2 %3 %").arg(m_model.label(0), causeName(first.largest()), QLocale().toString(100.0 * first.of(first.largest()).share, 'f', 0));
    if (m_model.rowCount() > kMostInPicture)
        parts << tr("saved pictures show the first %1").arg(kMostInPicture);
    if (!analysis.leftOut.empty())
        parts << tr("left out: %1").arg(countText(static_cast<double>(analysis.leftOut.size())));
    return parts.join(QStringLiteral(" · "));
}

} // namespace quantloupe::ui
