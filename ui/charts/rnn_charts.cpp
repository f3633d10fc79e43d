// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/rnn_charts.h"

#include "charts/chart_style.h"
#include "charts/decimation.h"
#include "charts/legend.h"
#include "charts/plot_image.h"
#include "charts/plot_view.h"
#include "metrics/metric.h"
#include "models/column_text.h"
#include "models/verdict.h"
#include "report/divergence.h"
#include "style/color_scale.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QChart>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace quantloupe::ui {
namespace {

/// Above this share of its values a quantity is called clipped: a stray value on a limit harms nobody.
constexpr double kClipped = 0.005;

const Metric &shownMetric()
{
    return *metrics()[static_cast<std::size_t>(verdictMetric())];
}

const RnnError *errorOf(const RnnQuantity &quantity, ErrorKind kind)
{
    const auto &error = kind == ErrorKind::Local ? quantity.local : quantity.accumulated;
    return error ? &*error : nullptr;
}

/// In steps of the quantity's scale.
std::vector<double> inSteps(const RnnQuantity &quantity, const RnnError &error)
{
    std::vector<double> values = error.rmse;
    for (std::size_t step = 0; step < values.size(); ++step)
        values[step] /= step < quantity.scaleByStep.size() ? quantity.scaleByStep[step] : static_cast<double>(quantity.scale);
    return values;
}

double largestOf(const std::vector<double> &values, double least)
{
    for (const double value : values)
        least = std::isfinite(value) ? std::max(least, value) : least;
    return least;
}

double meanOf(const std::vector<double> &values)
{
    double sum = 0.0;
    for (const double value : values)
        sum += std::isfinite(value) ? value : 0.0;
    return values.empty() ? 0.0 : sum / static_cast<double>(values.size());
}

void addStepAxis(QChart &chart, std::size_t steps)
{
    addAxis(chart, Qt::AlignBottom, -0.5, static_cast<double>(std::max<std::size_t>(steps, 1)) - 0.5, false, RnnChart::tr("time step"));
}

struct Span {
    double first;
    double last;
};

/// From the smallest to the largest finite value of both sides, if there are any.
std::optional<Span> finiteSpan(const RnnValues &codes, const RnnError *error)
{
    Span span{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const RnnValues *values : {&codes, error ? &error->floats : nullptr})
        for (const auto *edge : {values ? &values->min : nullptr, values ? &values->max : nullptr})
            for (const double value : edge ? *edge : std::vector<double>())
                if (std::isfinite(value))
                    span = {std::min(span.first, value), std::max(span.last, value)};
    return span.last < span.first ? std::nullopt : std::optional(span);
}

/// With room around it, and the quantity's limits where values come near them: far ones would press everything else flat.
Span spanWithLimits(Span span, const RnnQuantity &quantity)
{
    const double reach = std::max(std::abs(span.first), std::abs(span.last));
    for (const double limit : {quantity.lowest, quantity.highest})
        if (std::isfinite(limit) && std::abs(limit) <= 2.0 * reach)
            span = {std::min(span.first, limit), std::max(span.last, limit)};
    const double room = std::max((span.last - span.first) * 0.07, 1e-9);
    return {span.first - room, span.last + room};
}

/// Fills the space beyond the limits over the steps at which values of either side lie on them.
void addClippedSteps(QChart &chart, const RnnQuantity &quantity, const RnnError *error, std::size_t steps, Span span, const QColor &color)
{
    const auto isOnLimit = [](const RnnValues &values, std::size_t step) { return step < values.saturated.size() && values.saturated[step] > 0.0; };
    const auto isCut = [&](std::size_t step) { return isOnLimit(quantity.quantized, step) || (error && isOnLimit(error->floats, step)); };
    std::vector<Bar> above;
    std::vector<Bar> below;
    for (std::size_t step = 0; step < steps; ++step) {
        if (!isCut(step))
            continue;
        const std::size_t from = step;
        while (step + 1 < steps && isCut(step + 1))
            ++step;
        const double x0 = static_cast<double>(from) - 0.5;
        const double x1 = static_cast<double>(step) + 0.5;
        above.push_back({x0, x1, span.last, 0});
        below.push_back({x0, x1, span.first, 0});
    }
    if (std::isfinite(quantity.highest) && quantity.highest < span.last)
        addBars(chart, above, quantity.highest, color);
    if (std::isfinite(quantity.lowest) && quantity.lowest > span.first)
        addBars(chart, below, quantity.lowest, color);
}

/// A quantity's name as people read it: "cell", "forget gate, before activation".
QString quantityText(const RnnQuantity &quantity)
{
    const QString gate = plainText(quantity.gate);
    switch (quantity.role) {
    case RnnRole::GateSum: return RnnChart::tr("%1 gate, before activation").arg(gate);
    case RnnRole::Gate: return RnnChart::tr("%1 gate, after activation").arg(gate);
    case RnnRole::Cell: return RnnChart::tr("cell state");
    case RnnRole::CellActivation: return RnnChart::tr("cell state after tanh");
    case RnnRole::Hidden: return RnnChart::tr("hidden state");
    case RnnRole::Memory: return RnnChart::tr("memory");
    }
    return plainText(quantity.name);
}

} // namespace

RnnChart::RnnChart(const QString &objectName, const QString &title, QWidget *parent) : ChartPanel(objectName, title, parent), m_name(title) {}

void RnnChart::setView(const RnnView &view)
{
    m_view = view;
    refresh();
}

int RnnChart::pointsThatFit() const
{
    return std::max(64, plot().width() * 2);
}

void RnnChart::rebuild()
{
    if (!m_view.trace) {
        setTitle(m_name, m_name);
        showInstead(m_view.why);
        return;
    }
    drawPlot([this](QString &why) { return draw(m_view, why); });
    setTitleOf(m_name, {}, m_view.place); // drawing may name the quantity
}

StepErrorChart::StepErrorChart(QWidget *parent) : RnnChart(QStringLiteral("rnnStepError"), tr("Error of the output by time step"), parent) {}

QString StepErrorChart::draw(const RnnView &view, QString &why)
{
    const auto hiddenOf = [](const RnnTrace *trace) -> const RnnQuantity * {
        if (!trace)
            return nullptr;
        const auto found = std::ranges::find(trace->quantities, RnnRole::Hidden, &RnnQuantity::role);
        return found == trace->quantities.end() ? nullptr : &*found;
    };
    const RnnQuantity *hidden = hiddenOf(view.trace);
    if (!hidden || (!hidden->local && !hidden->accumulated)) {
        why = tr("The output of this operator has no error by time step.");
        return {};
    }
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    const auto stateText = [](const Report &report) { return plainText(name(report.state)); };
    double top = shownMetric().warnAbove;
    QList<LegendEntry> legend;
    QStringList parts;
    const auto add = [&](const RnnQuantity &quantity, const Report &report, ErrorKind kind, bool isOther) {
        const RnnError *error = errorOf(quantity, kind);
        if (!error)
            return;
        const std::vector<double> values = inSteps(quantity, *error);
        const QColor color = kind == ErrorKind::Local ? colors.floatSide : colors.accumulated;
        top = largestOf(values, top);
        addLine(chart, lineOf(values, pointsThatFit()), color, isOther ? Qt::DashLine : Qt::SolidLine);
        legend << LegendEntry{isOther ? LegendEntry::Mark::Dashes : LegendEntry::Mark::Fill, color, tr("%1, %2").arg(plainText(name(kind)), stateText(report))};
        if (!values.empty())
            parts << tr("%1, state %2: %3 → %4").arg(kindText(kind), stateText(report), figureText(values.front()), figureText(values.back()));
    };
    for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated})
        add(*hidden, *view.report, kind, false);
    if (const RnnQuantity *other = hiddenOf(view.other))
        for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated})
            add(*other, *view.otherReport, kind, true);
    const double last = static_cast<double>(view.trace->steps) - 0.5;
    addLine(chart, {{-0.5, shownMetric().ideal}, {last, shownMetric().ideal}}, palette().color(QPalette::Text), Qt::DashLine);
    addLine(chart, {{-0.5, shownMetric().warnAbove}, {last, shownMetric().warnAbove}}, colors.outlier, Qt::DotLine);
    legend << LegendEntry{LegendEntry::Mark::Dashes, palette().color(QPalette::Text), tr("ideal %1").arg(QLocale().toString(shownMetric().ideal, 'g', 3))}
           << LegendEntry{LegendEntry::Mark::Dots, colors.outlier, tr("threshold %1").arg(QLocale().toString(shownMetric().warnAbove, 'g', 3))};
    addStepAxis(chart, view.trace->steps);
    addAxis(chart, Qt::AlignLeft, 0.0, top * 1.08, false, tr("rmse/scale"));
    setLegend(legend);
    const RnnError *const error = errorOf(*hidden, view.kind) ? errorOf(*hidden, view.kind) : errorOf(*hidden, view.kind == ErrorKind::Local ? ErrorKind::Accumulated : ErrorKind::Local);
    const auto divergence = divergenceStep(*hidden, *error, shownMetric().warnAbove);
    const QString threshold = QLocale().toString(shownMetric().warnAbove, 'g', 3);
    const QString kind = kindText(errorOf(*hidden, view.kind) == error ? view.kind : view.kind == ErrorKind::Local ? ErrorKind::Accumulated : ErrorKind::Local);
    parts.prepend(divergence ? tr("%1 passes %2 at step %3 of %4").arg(kind, threshold).arg(*divergence).arg(view.trace->steps)
                             : tr("%1 stays below %2 in all %3 steps").arg(kind, threshold).arg(view.trace->steps));
    return parts.join(QStringLiteral(" · "));
}

UnitErrorChart::UnitErrorChart(QWidget *parent) : RnnChart(QStringLiteral("rnnUnitError"), tr("Error by time step and unit"), parent) {}

void UnitErrorChart::setQuantity(const QString &quantity)
{
    m_quantity = quantity;
    refresh();
}

QString UnitErrorChart::draw(const RnnView &view, QString &why)
{
    const RnnQuantity *quantity = view.trace->find(m_quantity.toStdString());
    const RnnError *error = quantity ? errorOf(*quantity, view.kind) : nullptr;
    if (!error || error->meanSquaredErrorByUnit.empty()) {
        why = tr("The %1 of this operator was not measured by unit.").arg(kindText(view.kind));
        return {};
    }
    const std::size_t units = quantity->units;
    const std::size_t steps = error->meanSquaredErrorByUnit.size() / std::max<std::size_t>(units, 1);
    setName(tr("Error of the %1 by time step and unit, %2").arg(quantityText(*quantity), kindText(view.kind)));
    // Larger than the screen: the largest of the cells that share a pixel is drawn, so that no unit's error is lost.
    const auto most = static_cast<std::size_t>(std::max(64, plot().width()));
    const std::size_t byStep = (steps + most - 1) / most;
    const std::size_t byUnit = (units + most - 1) / most;
    std::vector<double> cells(((steps + byStep - 1) / byStep) * ((units + byUnit - 1) / byUnit));
    const std::size_t columns = (steps + byStep - 1) / byStep;
    double largest = 0.0;
    std::size_t worstStep = 0;
    std::size_t worstUnit = 0;
    for (std::size_t step = 0; step < steps; ++step)
        for (std::size_t unit = 0; unit < units; ++unit) {
            const double rmse = std::sqrt(static_cast<double>(error->meanSquaredErrorByUnit[step * units + unit]));
            if (!std::isfinite(rmse))
                continue;
            double &cell = cells[unit / byUnit * columns + step / byStep];
            cell = std::max(cell, rmse);
            if (rmse > largest) {
                largest = rmse;
                worstStep = step;
                worstUnit = unit;
            }
        }
    const ColorScale scale = ColorScale::sequential(palette());
    const auto rows = static_cast<int>(cells.size() / std::max<std::size_t>(columns, 1));
    const QImage image = imageOfCells(static_cast<int>(columns), rows, [&](int column, int row) {
        return scale.at(largest > 0.0 ? cells[static_cast<std::size_t>(row) * columns + static_cast<std::size_t>(column)] / largest : 0.0);
    });
    QChart &chart = *plot().chart();
    addLine(chart, {{-0.5, -0.5}}, palette().color(QPalette::Text), Qt::NoPen); // the image needs a series to be placed by
    addStepAxis(chart, steps);
    addAxis(chart, Qt::AlignLeft, -0.5, static_cast<double>(units) - 0.5, false, tr("unit"));
    addPlotImage(chart, image, QRectF(-0.5, -0.5, static_cast<double>(steps), static_cast<double>(units)));
    const auto inLsb = static_cast<double>(quantity->scale);
    setLegend({{LegendEntry::Mark::Scale, {}, tr("RMSE 0 to %1 (%2 LSB)").arg(figureText(largest), figureText(largest / inLsb)), scale.swatches()}});
    return tr("largest: %1 at step %2, unit %3 · units: %4").arg(figureText(largest)).arg(worstStep).arg(worstUnit).arg(units);
}

QuantityChart::QuantityChart(const QString &objectName, const QString &title, const QStringList &quantities, QWidget *parent)
    : RnnChart(objectName, title, parent), m_quantities(quantities)
{
}

QString QuantityChart::draw(const RnnView &view, QString &why)
{
    const RnnQuantity *quantity = nullptr;
    for (const QString &name : std::as_const(m_quantities))
        quantity = quantity ? quantity : view.trace->find(name.toStdString());
    if (!quantity) {
        why = tr("This operator has no %1.").arg(m_quantities.front());
        return {};
    }
    QString title = quantityText(*quantity);
    setName(title.replace(0, 1, title.front().toUpper()));
    const RnnError *error = errorOf(*quantity, view.kind);
    const RnnValues &codes = quantity->quantized;
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    const int points = pointsThatFit();
    const auto finite = finiteSpan(codes, error);
    if (!finite) {
        why = tr("The %1 has no finite values.").arg(quantityText(*quantity));
        return {};
    }
    const double onLimit = meanOf(codes.saturated);
    const double beyond = error ? meanOf(error->floats.saturated) : 0.0;
    const bool isClipped = onLimit > kClipped || beyond > kClipped;
    const auto [first, last] = spanWithLimits(*finite, *quantity);
    const double end = static_cast<double>(view.trace->steps) - 0.5;
    QList<LegendEntry> legend;
    if (isClipped) {
        addClippedSteps(chart, *quantity, error, view.trace->steps, {first, last}, translucent(colors.outlier, 0.30f));
        legend << LegendEntry{LegendEntry::Mark::Fill, translucent(colors.outlier, 0.5f), tr("clipped")};
    }
    addBand(chart, lineOf(codes.max, points), lineOf(codes.min, points), colors.quantizedSide);
    addLine(chart, lineOf(codes.mean, points), colors.quantizedSide, Qt::SolidLine);
    legend << LegendEntry{LegendEntry::Mark::Fill, colors.quantizedSide, tr("integer: smallest, mean, largest")};
    if (error) {
        for (const auto *edge : {&error->floats.min, &error->floats.mean, &error->floats.max})
            addLine(chart, lineOf(*edge, points), colors.floatSide, Qt::DashLine);
        legend << LegendEntry{LegendEntry::Mark::Dashes, colors.floatSide, tr("float")};
    }
    bool hasLimit = false;
    for (const double limit : {quantity->lowest, quantity->highest})
        if (quantity->scaleByStep.empty() && std::isfinite(limit) && limit >= first && limit <= last) {
            addLine(chart, {{-0.5, limit}, {end, limit}}, colors.outlier, Qt::DashDotLine);
            hasLimit = true;
        }
    for (const auto *limits : {&quantity->lowestByStep, &quantity->highestByStep}) // of unrolled layers: a limit a step
        if (!limits->empty()) {
            addLine(chart, lineOf(*limits, points), colors.outlier, Qt::DashDotLine);
            hasLimit = true;
        }
    if (hasLimit)
        legend << LegendEntry{LegendEntry::Mark::Dots, colors.outlier, tr("limit of %1").arg(plainText(name(quantity->type)))};
    addStepAxis(chart, view.trace->steps);
    addAxis(chart, Qt::AlignLeft, first, last, false, QString());
    setLegend(legend);
    QStringList parts;
    if (isClipped)
        parts << tr("CLIPPED: %1 % of the integer values lie on a limit, %2 % of the float ones beyond").arg(figureText(onLimit * 100.0), figureText(beyond * 100.0));
    else
        parts << tr("not clipped");
    if (std::isfinite(quantity->lowest))
        parts << tr("%1 holds %2 to %3").arg(plainText(name(quantity->type)), figureText(quantity->lowest), figureText(quantity->highest));
    else
        parts << plainText(name(quantity->type));
    if (error)
        parts << tr("RMSE %1 → %2").arg(figureText(error->rmse.empty() ? 0.0 : error->rmse.front()), figureText(error->rmse.empty() ? 0.0 : error->rmse.back()));
    return parts.join(QStringLiteral(" · "));
}

} // namespace quantloupe::ui
