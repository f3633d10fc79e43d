// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/operator_chart.h"

#include "charts/chart_style.h"
#include "charts/legend.h"
#include "charts/operator_axis.h"
#include "charts/plot_view.h"
#include "metrics/metric.h"
#include "models/verdict.h"
#include "models/column_text.h"
#include "text/figure_text.h"
#include "text/plain_text.h"
#include "style/theme.h"

#include <QChart>
#include <QComboBox>
#include <QHBoxLayout>
#include <QScatterSeries>
#include <QToolButton>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe::ui {

struct OperatorChart::Side {
    ErrorKind kind;
    std::vector<double> values;
    double x0 = 0.0; ///< where in the row's slot the bar stands
    double x1 = 1.0;
};

namespace {

struct Range {
    double first;
    double last;
};

Range linearRange(double smallest, double largest)
{
    const double first = std::min(0.0, smallest);
    const double last = std::max(0.0, largest);
    const double room = last > first ? (last - first) * 0.08 : 1.0;
    return {first < 0.0 ? first - room : 0.0, last + room};
}

Range logRange(double smallest, double largest)
{
    const double first = std::pow(10.0, std::floor(std::log10(smallest)));
    return {first, std::max(std::pow(10.0, std::ceil(std::log10(largest * 1.05))), first * 10.0)};
}

} // namespace

OperatorChart::OperatorChart(const Session &session, Selection &selection, QWidget *parent, const QString &objectName)
    : ChartPanel(objectName, tr("Operators"), parent), m_session(session), m_selection(selection), m_metric(new QComboBox(this)),
      m_log(new QToolButton(this))
{
    m_metric->setObjectName(objectName + QStringLiteral("Metric"));
    m_metric->setAccessibleName(tr("Metric of the chart over operators"));
    m_metric->setToolTip(tr("The metric drawn over the operators"));
    m_metric->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_log->setObjectName(objectName + QStringLiteral("Log"));
    m_log->setText(tr("log"));
    m_log->setAccessibleName(tr("Logarithmic axis"));
    m_log->setToolTip(tr("Logarithmic or linear axis"));
    m_log->setCheckable(true);
    controls().insertWidget(1, m_metric);
    controls().insertWidget(2, m_log);
    for (int i = 0; i < static_cast<int>(metrics().size()); ++i)
        m_metric->addItem(metricName(i), i);
    setMetric(verdictMetric());
    connect(m_metric, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
    connect(m_log, &QToolButton::toggled, this, [this] { refresh(); });
    connect(&session, &Session::shownChanged, this, [this] { refresh(); });
    connect(&selection, &Selection::changed, this, [this] { refresh(); });
    connect(&plot(), &PlotView::clicked, this, [this](const QPointF &value) {
        if (const int row = rowAt(value.x()); row >= 0)
            m_selection.select(m_session.shown().key(row));
    });
    connect(&plot(), &PlotView::hovered, this, [this](const QPointF &value, const QPoint &position) {
        const int row = rowAt(value.x());
        QToolTip::showText(position, row < 0 ? QString() : toolTip(row), &plot());
    });
    connect(&plot(), &PlotView::stepped, this, &OperatorChart::step);
    refresh();
}

int OperatorChart::metric() const
{
    return m_metric->currentData().toInt();
}

void OperatorChart::setMetric(int metric)
{
    m_metric->setCurrentIndex(m_metric->findData(metric));
}

bool OperatorChart::isLogarithmic() const
{
    return m_log->isChecked();
}

void OperatorChart::setLogarithmic(bool isLogarithmic)
{
    m_log->setChecked(isLogarithmic);
}

std::vector<OperatorChart::Side> OperatorChart::sides() const
{
    const ShownReport &report = m_session.shown();
    const ShownKinds kinds = m_session.kinds();
    std::vector<Side> sides;
    const auto add = [&](ErrorKind kind, double x0, double x1) {
        Side side{kind, {}, x0, x1};
        for (int row = 0; row < report.rowCount(); ++row) {
            const double value = report.figure(row, metric(), kind);
            // Qt Charts takes 1e308 at its word and draws an axis up to there.
            side.values.push_back(std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN());
        }
        sides.push_back(std::move(side));
    };
    if (kinds != ShownKinds::Accumulated)
        add(ErrorKind::Local, 0.0, kinds == ShownKinds::Both ? 0.5 : 1.0);
    if (kinds != ShownKinds::Local)
        add(ErrorKind::Accumulated, kinds == ShownKinds::Both ? 0.5 : 0.0, 1.0);
    return sides;
}

void OperatorChart::rebuild()
{
    if (m_session.shown().isEmpty()) {
        showInstead(tr("No figures yet."));
        return;
    }
    drawPlot([this](QString &why) { return draw(why); });
}

QString OperatorChart::draw(QString &why)
{
    const auto all = sides();
    double smallest = std::numeric_limits<double>::infinity();
    double largest = -smallest;
    for (const Side &side : all)
        for (const double value : side.values)
            if (!std::isnan(value) && (!isLogarithmic() || value > 0.0)) {
                smallest = std::min(smallest, value);
                largest = std::max(largest, value);
            }
    if (largest < smallest) {
        why = tr("%1 has no values here.").arg(metricName(metric()));
        return {};
    }
    const Metric &shown = *metrics()[static_cast<std::size_t>(metric())];
    if (shown.hasIdeal)
        largest = std::max(largest, std::max(shown.ideal, shown.warnAbove));
    const Range range = isLogarithmic() ? logRange(smallest, largest) : linearRange(smallest, largest);
    const double rows = m_session.shown().rowCount();
    const double base = isLogarithmic() ? range.first : 0.0;
    const int maxBars = std::max(20, plot().width() / 2);
    markSelection(range.first, range.last);
    if (all.size() == 1 && shown.hasIdeal)
        addByVerdict(all.front(), base, maxBars);
    else
        addSides(all, base, maxBars);
    addArchived(range.first);
    addReferenceLines(rows);
    addOperatorAxis(plot(), m_session.shown());
    addAxis(*plot().chart(), Qt::AlignLeft, range.first, range.last, isLogarithmic(), QString());
    setTitle(all.size() > 1 ? tr("%1 over operators, local and accumulated error").arg(metricText(metric()))
                            : tr("%1 over operators, %2").arg(metricText(metric()), kindText(all.front().kind)),
             all.size() > 1 ? tr("Operators") : tr("Operators · %1").arg(kindText(all.front().kind)));
    setLegend(legendOf(all));
    setFileStem(QStringLiteral("operators-") + metricName(metric()).replace(QLatin1Char('/'), QLatin1Char('-')));
    return summaryOf(all);
}

void OperatorChart::addSides(const std::vector<Side> &sides, double base, int maxBars)
{
    const MeaningColors colors = meaningColors(palette());
    for (const Side &side : sides) {
        std::vector<Bar> bars = barsOf(side.values, maxBars / static_cast<int>(sides.size()), 0.78);
        std::erase_if(bars, [&](const Bar &bar) { return isLogarithmic() && bar.y <= 0.0; });
        for (Bar &bar : bars) {
            const double width = bar.x1 - bar.x0;
            bar.x1 = bar.x0 + width * side.x1;
            bar.x0 += width * side.x0;
        }
        addBars(*plot().chart(), bars, base, side.kind == ErrorKind::Local ? colors.floatSide : colors.accumulated);
    }
}

void OperatorChart::addByVerdict(const Side &side, double base, int maxBars)
{
    const MeaningColors colors = meaningColors(palette());
    const Metric &shown = *metrics()[static_cast<std::size_t>(metric())];
    const std::vector<Bar> bars = barsOf(side.values, maxBars);
    for (const auto &[verdict, color] : {std::pair{Verdict::Ideal, colors.ideal}, {Verdict::Raised, colors.raised}, {Verdict::Outlier, colors.outlier}}) {
        std::vector<Bar> some;
        for (const Bar &bar : bars)
            if (verdictOf(shown, bar.y) == verdict && (!isLogarithmic() || bar.y > 0.0))
                some.push_back(bar);
        if (!some.empty())
            addBars(*plot().chart(), some, base, color);
    }
}

void OperatorChart::addArchived(double floor)
{
    const ShownReport &report = m_session.shown();
    if (!hasArchivedMarks())
        return;
    QList<QPointF> points;
    for (int row = 0; row < report.rowCount(); ++row)
        if (const double value = report.archivedFigure(row, metric()); std::isfinite(value) && value >= floor)
            points << QPointF(m_session.kinds() == ShownKinds::Both ? row - 0.195 : row, value);
    if (points.isEmpty())
        return;
    auto *series = new QScatterSeries;
    series->replace(points);
    series->setMarkerSize(7.0);
    series->setMarkerShape(QScatterSeries::MarkerShapeRotatedRectangle);
    series->setColor(palette().color(QPalette::Base));
    series->setBorderColor(palette().color(QPalette::Text));
    plot().chart()->addSeries(series);
}

void OperatorChart::addReferenceLines(double rows)
{
    const Metric &shown = *metrics()[static_cast<std::size_t>(metric())];
    if (!shown.hasIdeal)
        return;
    const MeaningColors colors = meaningColors(palette());
    const auto line = [&](double value, const QColor &color, Qt::PenStyle style) { addLine(*plot().chart(), {{-0.5, value}, {rows - 0.5, value}}, color, style); };
    line(shown.ideal, palette().color(QPalette::Text), Qt::DashLine);
    if (shown.warnAbove > 0.0)
        line(shown.warnAbove, colors.outlier, Qt::DotLine);
}

QList<LegendEntry> OperatorChart::legendOf(const std::vector<Side> &sides) const
{
    using Mark = LegendEntry::Mark;
    const MeaningColors colors = meaningColors(palette());
    const Metric &shown = *metrics()[static_cast<std::size_t>(metric())];
    QList<LegendEntry> entries;
    if (sides.size() == 1 && shown.hasIdeal)
        entries << LegendEntry{Mark::Fill, colors.ideal, verdictText(Verdict::Ideal)} << LegendEntry{Mark::Fill, colors.raised, verdictText(Verdict::Raised)}
                << LegendEntry{Mark::Fill, colors.outlier, verdictText(Verdict::Outlier)};
    else
        for (const Side &side : sides)
            entries << LegendEntry{Mark::Fill, side.kind == ErrorKind::Local ? colors.floatSide : colors.accumulated, kindText(side.kind)};
    const auto value = [](double number) { return QLocale().toString(number, 'g', 3); };
    if (shown.hasIdeal)
        entries << LegendEntry{Mark::Dashes, palette().color(QPalette::Text), tr("ideal %1").arg(value(shown.ideal))};
    if (shown.hasIdeal && shown.warnAbove > 0.0)
        entries << LegendEntry{Mark::Dots, colors.outlier, tr("threshold %1").arg(value(shown.warnAbove))};
    if (hasArchivedMarks())
        entries << LegendEntry{Mark::Diamond, palette().color(QPalette::Text), tr("archive’s report (local)")};
    return entries;
}

bool OperatorChart::hasArchivedMarks() const
{
    const ShownReport &report = m_session.shown();
    return report.hasArchivedBeside() && pixelsOfRow(plot(), report) >= kRowForNames && m_session.kinds() != ShownKinds::Accumulated;
}

void OperatorChart::markSelection(double first, double last)
{
    const int row = m_session.shown().find(m_selection.current());
    if (row < 0)
        return;
    QColor fill = meaningColors(palette()).selection;
    fill.setAlphaF(0.22f);
    addBars(*plot().chart(), {{row - 0.5, row + 0.5, last, row}}, first, fill);
}

QString OperatorChart::summaryOf(const std::vector<Side> &sides) const
{
    QStringList parts{tr("Operators: %1").arg(countText(m_session.shown().rowCount()))};
    for (const Side &side : sides) {
        int worst = -1;
        int hidden = 0;
        for (int row = 0; row < static_cast<int>(side.values.size()); ++row) {
            const double value = side.values[static_cast<std::size_t>(row)];
            hidden += std::isnan(value) || (isLogarithmic() && value <= 0.0);
            if (!std::isnan(value) && (worst < 0 || std::abs(value) > std::abs(side.values[static_cast<std::size_t>(worst)])))
                worst = row;
        }
        if (worst >= 0)
            parts << tr("largest %1: %2 at #%3 %4").arg(kindText(side.kind), figureText(side.values[static_cast<std::size_t>(worst)])).arg(worst + 1).arg(m_session.shown().operatorName(worst));
        if (hidden > 0)
            parts << tr("without a bar: %1").arg(countText(hidden));
    }
    return parts.join(QStringLiteral(" · "));
}

QString OperatorChart::toolTip(int row) const
{
    const ShownReport &report = m_session.shown();
    QStringList lines{QStringLiteral("#%1 %2").arg(row + 1).arg(report.operatorName(row)), report.tensorName(row).left(120)};
    for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated})
        if (const double value = report.figure(row, metric(), kind); !std::isnan(value))
            lines << tr("%1, %2: %3").arg(metricName(metric()), kindText(kind), figureText(value));
    if (const double value = report.archivedFigure(row, metric()); !std::isnan(value))
        lines << tr("%1, archive’s report: %2").arg(metricName(metric()), figureText(value));
    lines << rowVerdictText(report, row);
    return plainToolTip(lines.join(QLatin1Char('\n')));
}

int OperatorChart::rowAt(double x) const
{
    const int row = static_cast<int>(std::lround(x));
    return row >= 0 && row < m_session.shown().rowCount() ? row : -1;
}

void OperatorChart::step(int direction)
{
    const int rows = m_session.shown().rowCount();
    if (rows == 0)
        return;
    const int current = m_session.shown().find(m_selection.current());
    const int next = current < 0 ? (direction > 0 ? 0 : rows - 1) : std::clamp(current + direction, 0, rows - 1);
    m_selection.select(m_session.shown().key(next));
}

} // namespace quantloupe::ui
