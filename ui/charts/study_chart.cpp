// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/study_chart.h"

#include "charts/chart_style.h"
#include "charts/legend.h"
#include "charts/plot_image.h"
#include "charts/plot_view.h"
#include "metrics/metric.h"
#include "models/column_text.h"
#include "models/verdict.h"
#include "style/color_scale.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QChart>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe::ui {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double idealInLsb()
{
    return metrics()[static_cast<std::size_t>(verdictMetric())]->ideal;
}

/// The figure of every channel, for bars.
template <typename F> std::vector<double> valuesOf(const std::vector<ChannelError> &channels, F &&figure)
{
    std::vector<double> values;
    for (const ChannelError &channel : channels) {
        const double value = figure(channel);
        values.push_back(std::isfinite(value) ? value : kNaN);
    }
    return values;
}

double highest(std::span<const double> values, double atLeast = 0.0)
{
    for (const double value : values)
        atLeast = std::isnan(value) ? atLeast : std::max(atLeast, value);
    return atLeast > 0.0 ? atLeast * 1.08 : 1.0;
}

qsizetype largestOf(std::span<const double> values)
{
    qsizetype largest = -1;
    for (qsizetype i = 0; i < static_cast<qsizetype>(values.size()); ++i)
        if (const double value = values[static_cast<std::size_t>(i)]; !std::isnan(value) && (largest < 0 || value > values[static_cast<std::size_t>(largest)]))
            largest = i;
    return largest;
}

void addChannelAxis(QChart &chart, std::size_t channels)
{
    addAxis(chart, Qt::AlignBottom, -0.5, static_cast<double>(std::max<std::size_t>(channels, 1)) - 0.5, false, StudyChart::tr("channel"));
}

const ErrorStudy *errorOf(const StudyView &view)
{
    const auto &error = view.study->error(view.kind);
    return error ? &*error : nullptr;
}

const WeightStudy *weightOf(const StudyView &view, QString &why)
{
    if (view.study->weights.empty()) {
        why = StudyChart::tr("This operator has no quantized weights.");
        return nullptr;
    }
    return &view.study->weights[std::min(view.weight, view.study->weights.size() - 1)];
}

QString notCompared(const WeightStudy &weight)
{
    return weight.whyNotCompared.empty() ? QString() : StudyChart::tr("no float side: %1").arg(plainText(weight.whyNotCompared));
}

} // namespace

StudyChart::StudyChart(const QString &objectName, const QString &title, QWidget *parent) : ChartPanel(objectName, title, parent), m_name(title)
{
    refresh();
}

void StudyChart::setView(const StudyView &view)
{
    m_view = view;
    refresh();
}

void StudyChart::rebuild()
{
    if (!m_view.study) {
        setTitle(m_name, m_name);
        showInstead(m_view.why);
        return;
    }
    setTitleOf(m_name, isOfError() ? kindText(m_view.kind) : QString(), m_view.place);
    drawPlot([this](QString &why) { return draw(m_view, why); });
}

QColor StudyChart::kindColor() const
{
    const MeaningColors colors = meaningColors(palette());
    return m_view.kind == ErrorKind::Local ? colors.floatSide : colors.accumulated;
}

int StudyChart::barsThatFit() const
{
    return std::max(24, plot().width() / 2);
}

DensityChart::DensityChart(QWidget *parent) : StudyChart(QStringLiteral("tensorDensity"), tr("Float against dequantized"), parent) {}

QString DensityChart::draw(const StudyView &view, QString &why)
{
    const ErrorStudy *error = errorOf(view);
    if (!error || error->density.counts.empty()) {
        why = tr("The %1 of this tensor was not measured.").arg(kindText(view.kind));
        return {};
    }
    const Density &density = error->density;
    const std::uint64_t largest = *std::max_element(density.counts.begin(), density.counts.end());
    // Counts span decades: their logarithm is drawn, so that a single stray element is seen too.
    const ColorScale scale = ColorScale::sequential(palette());
    const double top = std::log1p(static_cast<double>(largest));
    const QImage image = imageOfCells(static_cast<int>(density.columns), static_cast<int>(density.rows), [&](int column, int row) {
        const std::uint64_t count = density.at(static_cast<std::size_t>(column), static_cast<std::size_t>(row));
        return scale.at(count == 0 ? 0.0 : 0.12 + 0.88 * std::log1p(static_cast<double>(count)) / top);
    });
    std::uint64_t offDiagonal = 0;
    for (std::size_t row = 0; row < density.rows; ++row)
        for (std::size_t column = 0; column < density.columns; ++column) {
            const double x = density.xLower + static_cast<double>(column) * density.xWidth;
            const double y = density.yLower + static_cast<double>(row) * density.yWidth;
            if (std::abs(x - y) > density.xWidth * 1.5)
                offDiagonal += density.at(column, row);
        }
    const QRectF cells(density.xLower, density.yLower, density.xWidth * static_cast<double>(density.columns), density.yWidth * static_cast<double>(density.rows));
    QChart &chart = *plot().chart();
    const double first = std::min(cells.left(), cells.top());
    const double last = std::max(cells.right(), cells.bottom());
    const QColor line = palette().color(QPalette::Text);
    addLine(chart, {{first, first}, {last, last}}, line, Qt::DashLine);
    addAxis(chart, Qt::AlignBottom, cells.left(), cells.right(), false, tr("float"));
    addAxis(chart, Qt::AlignLeft, cells.top(), cells.bottom(), false, tr("dequantized"));
    addPlotImage(chart, image, cells);
    setLegend({{LegendEntry::Mark::Scale, {}, tr("elements: 0 to %1, logarithmic").arg(countText(static_cast<double>(largest))), scale.swatches()},
               {LegendEntry::Mark::Dashes, line, tr("no error")}});
    const double share = 100.0 * static_cast<double>(offDiagonal + density.beyond) / static_cast<double>(std::max<std::uint64_t>(density.total(), 1));
    QStringList parts{tr("elements: %1").arg(countText(static_cast<double>(density.total()))), tr("more than 1 LSB off: %1 %").arg(figureText(share))};
    if (density.beyond > 0)
        parts << tr("float values far beyond the range: %1").arg(countText(static_cast<double>(density.beyond)));
    return parts.join(QStringLiteral(" · "));
}

ChannelChart::ChannelChart(QWidget *parent) : StudyChart(QStringLiteral("tensorChannels"), tr("Error by channel"), parent)
{
    connect(&plot(), &PlotView::hovered, this, &ChannelChart::showToolTip);
}

void ChannelChart::showToolTip(const QPointF &value, const QPoint &position)
{
    const ErrorStudy *error = view().study ? errorOf(view()) : nullptr;
    const auto at = static_cast<qsizetype>(std::lround(value.x()));
    if (!error || at < 0 || at >= static_cast<qsizetype>(error->channels.size())) {
        QToolTip::hideText();
        return;
    }
    const ChannelError &channel = error->channels[static_cast<std::size_t>(at)];
    QToolTip::showText(position, plainToolTip(tr("Channel %1\nRMSE %2 LSB\nmean error %3 LSB\nlargest %4 LSB\nfloat from %5 to %6\ncodes at an end %7 %")
                                                  .arg(at)
                                                  .arg(figureText(channel.rmse / view().scale), figureText(channel.meanError / view().scale), figureText(channel.maxAbsError / view().scale),
                                                       figureText(channel.floatMin), figureText(channel.floatMax), figureText(channel.shareAtEnds * 100.0))),
                       &plot());
}

QString ChannelChart::draw(const StudyView &view, QString &why)
{
    const ErrorStudy *error = errorOf(view);
    if (!error) {
        why = tr("The %1 of this tensor was not measured.").arg(kindText(view.kind));
        return {};
    }
    const auto rmse = valuesOf(error->channels, [&](const ChannelError &channel) { return channel.rmse / view.scale; });
    const auto bias = valuesOf(error->channels, [&](const ChannelError &channel) { return std::abs(channel.meanError) / view.scale; });
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    const double top = highest(rmse, idealInLsb());
    addBars(chart, barsOf(rmse, barsThatFit()), 0.0, kindColor());
    std::vector<Bar> biasBars = barsOf(bias, barsThatFit(), 0.3);
    addBars(chart, biasBars, 0.0, palette().color(QPalette::Text));
    const double last = static_cast<double>(error->channels.size()) - 0.5;
    addLine(chart, {{-0.5, idealInLsb()}, {last, idealInLsb()}}, colors.ideal, Qt::DashLine);
    setLegend({{LegendEntry::Mark::Fill, kindColor(), tr("RMSE")},
               {LegendEntry::Mark::Fill, palette().color(QPalette::Text), tr("of it bias (mean error)")},
               {LegendEntry::Mark::Dashes, colors.ideal, tr("rounding alone")}});
    addChannelAxis(chart, error->channels.size());
    addAxis(chart, Qt::AlignLeft, 0.0, top, false, tr("LSB"));
    QStringList parts{tr("channels: %1").arg(countText(static_cast<double>(error->channels.size())))};
    if (const qsizetype worst = largestOf(rmse); worst >= 0)
        parts << tr("worst: channel %1 with %2 LSB").arg(worst).arg(figureText(rmse[static_cast<std::size_t>(worst)]));
    if (const qsizetype worst = largestOf(bias); worst >= 0)
        parts << tr("largest bias: channel %1 with %2 LSB").arg(worst).arg(figureText(bias[static_cast<std::size_t>(worst)]));
    return parts.join(QStringLiteral(" · "));
}

ChannelRangeChart::ChannelRangeChart(QWidget *parent) : StudyChart(QStringLiteral("tensorChannelRanges"), tr("Range by channel"), parent) {}

QString ChannelRangeChart::draw(const StudyView &view, QString &why)
{
    const ErrorStudy *error = errorOf(view);
    if (!error) {
        why = tr("The %1 of this tensor was not measured.").arg(kindText(view.kind));
        return {};
    }
    const UsedCodes &codes = view.study->codes;
    const double lower = view.rangeLower;
    const double upper = view.rangeUpper;
    const auto mins = valuesOf(error->channels, [](const ChannelError &channel) { return channel.floatMin; });
    const auto maxs = valuesOf(error->channels, [](const ChannelError &channel) { return channel.floatMax; });
    std::vector<Bar> low = barsOf(mins, barsThatFit());
    const std::vector<Bar> high = barsOf(maxs, barsThatFit());
    if (low.size() != high.size() || low.empty()) {
        why = tr("No channel has finite values.");
        return {};
    }
    double first = lower;
    double last = upper;
    QList<QPointF> top;
    QList<QPointF> bottom;
    std::size_t beyond = 0;
    std::size_t narrow = 0;
    for (std::size_t i = 0; i < low.size(); ++i) {
        first = std::min(first, low[i].y);
        last = std::max(last, high[i].y);
        top << QPointF(high[i].x0, high[i].y) << QPointF(high[i].x1, high[i].y);
        bottom << QPointF(low[i].x0, low[i].y) << QPointF(low[i].x1, low[i].y);
    }
    for (const ChannelError &channel : error->channels) {
        beyond += channel.floatMin < lower || channel.floatMax > upper;
        narrow += channel.floatMax - channel.floatMin < 0.1 * (upper - lower);
    }
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    addBand(chart, top, bottom, colors.floatSide);
    const double end = static_cast<double>(error->channels.size()) - 0.5;
    for (const double limit : {lower, upper})
        addLine(chart, {{-0.5, limit}, {end, limit}}, colors.outlier, Qt::DashLine);
    const double room = (last - first) * 0.04;
    addChannelAxis(chart, error->channels.size());
    addAxis(chart, Qt::AlignLeft, first - room, last + room, false, tr("float value"));
    setLegend({{LegendEntry::Mark::Fill, colors.floatSide, tr("float values, smallest to largest")}, {LegendEntry::Mark::Dashes, colors.outlier, tr("codes %1 and %2").arg(codes.minCode).arg(codes.maxCode)}});
    return tr("channels beyond the range of the codes: %1 · channels within a tenth of it: %2").arg(countText(static_cast<double>(beyond)), countText(static_cast<double>(narrow)));
}

WeightHistogram::WeightHistogram(QWidget *parent) : StudyChart(QStringLiteral("weightValues"), tr("Weights"), parent) {}

QString WeightHistogram::draw(const StudyView &view, QString &why)
{
    const WeightStudy *weight = weightOf(view, why);
    if (!weight)
        return {};
    const MeaningColors colors = meaningColors(palette());
    const auto quantized = barsOf(weight->quantizedValues, barsThatFit());
    const auto floats = barsOf(weight->floatValues, barsThatFit());
    QChart &chart = *plot().chart();
    double top = 0.0;
    for (const auto *bars : {&floats, &quantized})
        for (const Bar &bar : *bars)
            top = std::max(top, bar.y);
    QList<LegendEntry> legend;
    if (!floats.empty()) {
        addHistogram(chart, floats, colors.floatSide);
        legend << LegendEntry{LegendEntry::Mark::Fill, colors.floatSide, tr("float"), {}};
    }
    addHistogram(chart, quantized, colors.quantizedSide);
    setLegend(legend << LegendEntry{LegendEntry::Mark::Fill, colors.quantizedSide, tr("dequantized"), {}});
    const Histogram &bins = weight->quantizedValues;
    addAxis(chart, Qt::AlignBottom, bins.lower, bins.lower + bins.width * static_cast<double>(bins.counts.size()), false, tr("value"));
    addAxis(chart, Qt::AlignLeft, 0.0, top > 0.0 ? top * 1.06 : 1.0, false, tr("share, %"));
    QStringList parts{tr("elements: %1").arg(countText(static_cast<double>(weight->codes.elements)))};
    if (weight->codes.used > 0)
        parts << tr("codes used: %1 of %2, from %3 to %4").arg(weight->codes.used).arg(weight->codes.maxCode - weight->codes.minCode + 1).arg(weight->codes.lowest).arg(weight->codes.highest);
    if (!std::isnan(weight->rmseOverScale))
        parts << tr("rmse/scale %1").arg(figureText(weight->rmseOverScale));
    if (const QString sentence = notCompared(*weight); !sentence.isEmpty())
        parts << sentence;
    return parts.join(QStringLiteral(" · "));
}

WeightScaleChart::WeightScaleChart(QWidget *parent) : StudyChart(QStringLiteral("weightScales"), tr("Scale by channel"), parent) {}

QString WeightScaleChart::draw(const StudyView &view, QString &why)
{
    const WeightStudy *weight = weightOf(view, why);
    if (!weight)
        return {};
    const std::vector<double> scales(weight->scales.begin(), weight->scales.end());
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    addBars(chart, barsOf(scales, barsThatFit()), 0.0, colors.quantizedSide);
    setLegend({{LegendEntry::Mark::Fill, colors.quantizedSide, scales.size() > 1 ? tr("scale of each channel") : tr("one scale for all channels"), {}}});
    addChannelAxis(chart, scales.size());
    addAxis(chart, Qt::AlignLeft, 0.0, highest(scales), false, tr("scale"));
    const auto [smallest, largest] = std::minmax_element(scales.begin(), scales.end());
    if (scales.size() <= 1)
        return tr("per tensor, scale %1").arg(figureText(scales.empty() ? kNaN : scales.front()));
    return tr("per channel along axis %1 · from %2 to %3").arg(weight->axis).arg(figureText(*smallest), figureText(*largest));
}

WeightErrorChart::WeightErrorChart(QWidget *parent) : StudyChart(QStringLiteral("weightErrors"), tr("Weight error by channel"), parent) {}

QString WeightErrorChart::draw(const StudyView &view, QString &why)
{
    const WeightStudy *weight = weightOf(view, why);
    if (!weight)
        return {};
    if (weight->channels.empty()) {
        why = notCompared(*weight);
        return {};
    }
    std::vector<double> errors;
    for (std::size_t channel = 0; channel < weight->channels.size(); ++channel) {
        const double value = weight->channels[channel].rmse / static_cast<double>(weight->scales[std::min(channel, weight->scales.size() - 1)]);
        errors.push_back(std::isfinite(value) ? value : kNaN);
    }
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    addBars(chart, barsOf(errors, barsThatFit()), 0.0, colors.floatSide);
    addLine(chart, {{-0.5, idealInLsb()}, {static_cast<double>(errors.size()) - 0.5, idealInLsb()}}, colors.ideal, Qt::DashLine);
    setLegend({{LegendEntry::Mark::Fill, colors.floatSide, tr("RMSE over the channel’s scale"), {}}, {LegendEntry::Mark::Dashes, colors.ideal, tr("rounding alone"), {}}});
    addChannelAxis(chart, errors.size());
    addAxis(chart, Qt::AlignLeft, 0.0, highest(errors, idealInLsb()), false, tr("LSB"));
    const qsizetype worst = largestOf(errors);
    return worst < 0 ? tr("nothing measured") : tr("worst: channel %1 with %2 LSB · all: %3 LSB").arg(worst).arg(figureText(errors[static_cast<std::size_t>(worst)]), figureText(weight->rmseOverScale));
}

} // namespace quantloupe::ui
