// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/slope_chart.h"

#include "charts/legend.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr std::size_t kMostLines = 400;
constexpr std::size_t kFewLines = 16; ///< of so many even those are named that did not change
constexpr double kNear = 8.0; ///< pixels from a line that still mean it

struct Look {
    QColor color;
    Qt::PenStyle style;
    double width;
};

Look lookOf(quantloupe::Change change, const QPalette &palette)
{
    const MeaningColors colors = meaningColors(palette);
    switch (change) {
    case quantloupe::Change::Regressed: return {colors.outlier, Qt::SolidLine, 2.0};
    case quantloupe::Change::Improved: return {colors.floatSide, Qt::DashLine, 1.6};
    default: return {colors.faintText, Qt::DotLine, 1.2};
    }
}

/// 1, 2 and 5 times powers of ten within the range, about as many as there is room for.
std::vector<double> ticks(double first, double last, bool isLogarithmic)
{
    std::vector<double> values;
    if (isLogarithmic) {
        const bool isWide = last / first > 1e4;
        for (double power = std::pow(10.0, std::floor(std::log10(first))); power <= last * 1.0001; power *= 10.0)
            for (const double factor : {1.0, 2.0, 5.0})
                if (const double value = power * factor; value >= first * 0.9999 && value <= last * 1.0001 && (factor == 1.0 || !isWide))
                    values.push_back(value);
        return values;
    }
    const double raw = (last - first) / 5.0;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    const double step = raw <= power ? power : raw <= 2.0 * power ? 2.0 * power : raw <= 5.0 * power ? 5.0 * power : 10.0 * power;
    for (double value = std::ceil(first / step - 1e-9) * step; value <= last + 1e-9 * step; value += step)
        values.push_back(std::abs(value) < 1e-9 * step ? 0.0 : value);
    return values;
}

double distance(const QPointF &point, const QLineF &line)
{
    const QPointF along = line.p2() - line.p1();
    const double length = QPointF::dotProduct(along, along);
    const double at = length > 0.0 ? std::clamp(QPointF::dotProduct(point - line.p1(), along) / length, 0.0, 1.0) : 0.0;
    return QLineF(point, line.p1() + at * along).length();
}

} // namespace

struct SlopeLines::Frame {
    double left;
    double right;
    double top;
    double bottom;
    double end; ///< where names end
    double first;
    double last;
    bool isLogarithmic;

    double y(double value) const
    {
        const double share = isLogarithmic ? std::log(std::max(value, first) / first) / std::log(last / first) : (value - first) / (last - first);
        return bottom - share * (bottom - top);
    }
    QLineF line(const ComparedRow &row) const { return {left, y(row.valueBefore), right, y(row.valueAfter)}; }
};

SlopeLines::SlopeLines(const ComparisonModel &model, QWidget *parent) : QWidget(parent), m_model(model)
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(240, 140);
}

void SlopeLines::setLogarithmic(bool isLogarithmic)
{
    m_isLogarithmic = isLogarithmic;
    refresh();
}

void SlopeLines::refresh()
{
    m_lines.clear();
    m_hidden = 0;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const ComparedRow &pair = m_model.row(row);
        if (!std::isfinite(pair.valueBefore) || !std::isfinite(pair.valueAfter))
            continue;
        if (m_isLogarithmic && (pair.valueBefore <= 0.0 || pair.valueAfter <= 0.0))
            ++m_hidden;
        else
            m_lines.push_back(row);
    }
    std::stable_sort(m_lines.begin(), m_lines.end(), [&](int a, int b) { return m_model.size(a) > m_model.size(b); });
    if (m_lines.size() > kMostLines) {
        m_hidden += static_cast<int>(m_lines.size() - kMostLines);
        m_lines.resize(kMostLines);
    }
    m_first = std::numeric_limits<double>::infinity();
    m_last = -m_first;
    for (const int row : m_lines)
        for (const double value : {m_model.row(row).valueBefore, m_model.row(row).valueAfter}) {
            m_first = std::min(m_first, value);
            m_last = std::max(m_last, value);
        }
    if (m_lines.empty())
        m_first = m_last = 1.0;
    if (m_isLogarithmic) {
        m_first *= 0.9;
        m_last *= 1.1;
    } else {
        m_first = std::min(0.0, m_first);
        m_last = std::max(m_last, m_first + 1e-300);
        m_last += 0.05 * (m_last - m_first);
    }
    update();
}

void SlopeLines::choose(int row)
{
    m_chosen = row;
    update();
}

SlopeLines::Frame SlopeLines::frame(const QSizeF &size) const
{
    const QFontMetricsF metrics(font());
    const double axis = metrics.horizontalAdvance(QStringLiteral("0.000e-00"));
    const double names = std::min(size.width() * 0.36, metrics.averageCharWidth() * 34.0);
    return {axis + 8, std::max(axis + 60, size.width() - names - axis), metrics.height() + 10, size.height() - 10, size.width() - 4, m_first, m_last, m_isLogarithmic};
}

QPointF SlopeLines::endOf(int row) const
{
    return frame(size()).line(m_model.row(row)).p2();
}

int SlopeLines::lineAt(const QPointF &position) const
{
    const Frame place = frame(size());
    int nearest = -1;
    double best = kNear;
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (const double away = distance(position, place.line(m_model.row(m_lines[i]))); away < best) {
            best = away;
            nearest = static_cast<int>(i);
        }
    return nearest;
}

void SlopeLines::paintInto(QPainter &painter, const QSizeF &size) const
{
    if (!m_model.comparison())
        return;
    painter.setFont(font());
    const Frame place = frame(size);
    paintAxes(painter, place);
    for (auto line = m_lines.rbegin(); line != m_lines.rend(); ++line) // the largest change on top
        paintLine(painter, place, *line);
    if (m_chosen >= 0 && std::count(m_lines.begin(), m_lines.end(), m_chosen) > 0)
        paintLine(painter, place, m_chosen);
    paintNames(painter, place);
}

void SlopeLines::paintAxes(QPainter &painter, const Frame &place) const
{
    const MeaningColors colors = meaningColors(palette());
    const QFontMetricsF metrics(font());
    double above = place.bottom + metrics.height();
    for (const double value : ticks(place.first, place.last, place.isLogarithmic)) {
        const double y = place.y(value);
        painter.setPen(QPen(colors.grid, 1.0));
        painter.drawLine(QPointF(place.left, y), QPointF(place.right, y));
        if (above - y < metrics.height())
            continue;
        above = y;
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRectF(0, y - metrics.height() / 2, place.left - 6, metrics.height()), Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(value, 'g', 3));
    }
    painter.setPen(QPen(colors.faintText, 1.0));
    for (const double x : {place.left, place.right})
        painter.drawLine(QPointF(x, place.top - 4), QPointF(x, place.bottom));
    const double half = (place.right - place.left) / 2 - 4;
    painter.drawText(QRectF(place.left, 0, half, place.top - 4), Qt::AlignLeft | Qt::AlignVCenter, tr("before"));
    painter.drawText(QRectF(place.right - half, 0, half, place.top - 4), Qt::AlignRight | Qt::AlignVCenter, tr("after"));
}

void SlopeLines::paintLine(QPainter &painter, const Frame &place, int row) const
{
    const Look look = lookOf(m_model.row(row).change, palette());
    const QLineF line = place.line(m_model.row(row));
    if (row == m_chosen) {
        QColor glow = meaningColors(palette()).selection;
        glow.setAlphaF(0.4f);
        painter.setPen(QPen(glow, look.width + 7.0, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(line);
    }
    painter.setPen(QPen(look.color, look.width, look.style));
    painter.drawLine(line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.color);
    for (const QPointF &end : {line.p1(), line.p2()})
        painter.drawEllipse(end, 2.6, 2.6);
}

/// The chosen row and the largest changes, as many as fit below each other, each moved as little as needed.
void SlopeLines::paintNames(QPainter &painter, const Frame &place) const
{
    const QFontMetricsF metrics(font());
    const double height = metrics.height();
    const auto most = static_cast<std::size_t>(std::max(1.0, (place.bottom - place.top) / height));
    std::vector<int> rows;
    if (std::count(m_lines.begin(), m_lines.end(), m_chosen) > 0)
        rows.push_back(m_chosen);
    for (const int row : m_lines) {
        const bool isChange = m_model.row(row).change == quantloupe::Change::Regressed || m_model.row(row).change == quantloupe::Change::Improved;
        if (row != m_chosen && rows.size() < most && (isChange || m_lines.size() <= kFewLines))
            rows.push_back(row);
    }
    std::stable_sort(rows.begin(), rows.end(), [&](int a, int b) { return place.y(m_model.row(a).valueAfter) < place.y(m_model.row(b).valueAfter); });
    std::vector<double> tops;
    for (const int row : rows)
        tops.push_back(std::max(place.y(m_model.row(row).valueAfter) - height / 2, tops.empty() ? place.top - height / 2 : tops.back() + height));
    double below = place.bottom + height / 2;
    for (std::size_t i = tops.size(); i-- > 0;) {
        tops[i] = std::min(tops[i], below - height);
        below = tops[i];
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const ComparedRow &pair = m_model.row(rows[i]);
        const double y = place.y(pair.valueAfter);
        painter.setPen(QPen(meaningColors(palette()).grid, 1.0));
        painter.drawLine(QPointF(place.right + 4, y), QPointF(place.right + 16, tops[i] + height / 2));
        painter.setPen(rows[i] == m_chosen ? palette().color(QPalette::Text) : pair.change == quantloupe::Change::Same ? meaningColors(palette()).faintText : lookOf(pair.change, palette()).color);
        const QString sign = pair.change == quantloupe::Change::Regressed ? QStringLiteral("▲ ") : pair.change == quantloupe::Change::Improved ? QStringLiteral("▼ ") : QString();
        const QString text = sign + figureText(pair.valueAfter) + QStringLiteral("  ") + m_model.label(rows[i]);
        painter.drawText(QRectF(place.right + 20, tops[i], place.end - place.right - 20, height), Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(text, Qt::ElideRight, place.end - place.right - 20));
    }
}

void SlopeLines::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    paintInto(painter, size());
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5));
    }
}

void SlopeLines::mousePressEvent(QMouseEvent *event)
{
    if (const int line = lineAt(event->position()); line >= 0 && event->button() == Qt::LeftButton)
        emit chosen(m_lines[static_cast<std::size_t>(line)]);
}

void SlopeLines::keyPressEvent(QKeyEvent *event)
{
    const int step = event->key() == Qt::Key_Up || event->key() == Qt::Key_Left ? -1 : event->key() == Qt::Key_Down || event->key() == Qt::Key_Right ? 1 : 0;
    if (step == 0 || m_lines.empty()) {
        QWidget::keyPressEvent(event);
        return;
    }
    const auto at = std::find(m_lines.begin(), m_lines.end(), m_chosen);
    const int position = at == m_lines.end() ? 0 : std::clamp(static_cast<int>(at - m_lines.begin()) + step, 0, lineCount() - 1);
    emit chosen(m_lines[static_cast<std::size_t>(position)]);
}

bool SlopeLines::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int line = lineAt(help->pos());
    if (line < 0) {
        QToolTip::hideText();
        return true;
    }
    const int row = m_lines[static_cast<std::size_t>(line)];
    const ComparedRow &pair = m_model.row(row);
    QToolTip::showText(help->globalPos(),
                       plainToolTip(tr("%1\n%2\n%3: %4 → %5, %6").arg(m_model.label(row), m_model.tensorName(row).left(120), plainText(pair.metric), figureText(pair.valueBefore), figureText(pair.valueAfter), changeText(pair.change))),
                       this);
    return true;
}

SlopeChart::SlopeChart(const ComparisonModel &model, QWidget *parent)
    : ChartPanel(QStringLiteral("slopeChart"), tr("Before and after"), parent), m_model(model), m_lines(new SlopeLines(model, this)), m_log(new QToolButton(this))
{
    m_lines->setObjectName(QStringLiteral("slopeLines"));
    m_lines->setAccessibleName(title());
    setContent(m_lines);
    m_log->setObjectName(QStringLiteral("slopeLog"));
    m_log->setText(tr("log"));
    m_log->setAccessibleName(tr("Logarithmic axis"));
    m_log->setToolTip(tr("Logarithmic or linear axis"));
    m_log->setCheckable(true);
    controls().insertWidget(1, m_log);
    connect(m_log, &QToolButton::toggled, this, [this](bool isOn) {
        m_lines->setLogarithmic(isOn);
        refresh();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        m_lines->refresh();
        refresh();
    });
    refresh();
}

void SlopeChart::setSentenceInstead(const QString &sentence)
{
    m_instead = sentence;
    refresh();
}

QSizeF SlopeChart::pictureSize() const
{
    return QSizeF(m_lines->size()).expandedTo({640, 420});
}

void SlopeChart::paintPicture(QPainter &painter, const QRectF &target) const
{
    painter.save();
    painter.translate(target.topLeft());
    painter.scale(target.width() / pictureSize().width(), target.height() / pictureSize().height());
    m_lines->paintInto(painter, pictureSize());
    painter.restore();
}

void SlopeChart::rebuild()
{
    const auto &comparison = m_model.comparison();
    if (!comparison || m_lines->lineCount() == 0) {
        showInstead(comparison && m_lines->hiddenCount() > 0 ? tr("A logarithmic axis has no place for figures of 0 or below.") : comparison ? tr("The two reports have no row in common.") : m_instead);
        return;
    }
    setTitle(tr("%1 before and after, by operator").arg(plainText(comparison->metric)), tr("Before and after"));
    setFileStem(QStringLiteral("before-after-") + plainText(comparison->metric).replace(QLatin1Char('/'), QLatin1Char('-')));
    m_lines->setAccessibleName(title());
    setLegend({{LegendEntry::Mark::Line, lookOf(quantloupe::Change::Regressed, palette()).color, tr("regressed ▲")},
               {LegendEntry::Mark::Dashes, lookOf(quantloupe::Change::Improved, palette()).color, tr("improved ▼")},
               {LegendEntry::Mark::Dots, lookOf(quantloupe::Change::Same, palette()).color, tr("same")}});
    const auto count = [&](quantloupe::Change change) { return countText(static_cast<double>(comparison->count(change))); };
    QString text = tr("regressed: %1 · improved: %2 · same: %3").arg(count(quantloupe::Change::Regressed), count(quantloupe::Change::Improved), count(quantloupe::Change::Same));
    for (const quantloupe::Change change : {quantloupe::Change::OnlyBefore, quantloupe::Change::OnlyAfter, quantloupe::Change::Unknown})
        if (comparison->count(change) > 0)
            text += QStringLiteral(" · %1: %2").arg(changeText(change), count(change));
    if (m_lines->hiddenCount() > 0)
        text += tr(" · without a line: %1").arg(countText(m_lines->hiddenCount()));
    showPlot(text);
}

} // namespace quantloupe::ui
