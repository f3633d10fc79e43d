// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/sample_charts.h"

#include "charts/chart_style.h"
#include "charts/decimation.h"
#include "charts/legend.h"
#include "charts/operator_axis.h"
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

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe::ui {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
/// A picture is drawn from at most as many cells; of larger ones every some row and column.
constexpr int kMostCells = 1024;

struct Extent {
    double smallest = 0.0;
    double largest = 0.0;
};

Extent extentOf(std::span<const float> values)
{
    Extent extent{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const float value : values)
        if (std::isfinite(value)) {
            extent.smallest = std::min(extent.smallest, static_cast<double>(value));
            extent.largest = std::max(extent.largest, static_cast<double>(value));
        }
    if (extent.largest < extent.smallest)
        return {0.0, 1.0};
    return extent;
}

/// The input as rows, columns and channels: batch axes and axes of length 1 fall away.
struct Layout {
    int rows = 1;
    int columns = 1;
    int channels = 1;
};

Layout layoutOf(const Shape &shape)
{
    std::vector<int> axes;
    for (int axis = 1; axis < shape.rank(); ++axis)
        axes.push_back(shape[axis]);
    if (shape.rank() == 1)
        axes.push_back(shape[0]);
    const bool isColoured = axes.size() == 3 && (axes[2] == 3 || axes[2] == 1);
    if (isColoured && (axes[2] == 3 || (axes[0] > 1 && axes[1] > 1)))
        return {axes[0], axes[1], axes[2]};
    std::erase(axes, 1);
    if (axes.empty())
        return {};
    if (axes.size() == 1)
        return {1, axes[0], 1};
    int columns = 1;
    for (std::size_t axis = 1; axis < axes.size(); ++axis)
        columns *= axes[axis];
    return {axes[0], columns, 1};
}

} // namespace

void OneSampleChart::setView(const SampleView &view)
{
    m_view = view;
    refresh();
}

void OneSampleChart::rebuild()
{
    if (!m_view.study) {
        showInstead(m_view.why);
        return;
    }
    setFileStem(QStringLiteral("%1-%2").arg(objectName()).arg(m_view.study->sample));
    drawPlot([this](QString &why) { return draw(*m_view.study, m_view, why); });
}

InputChart::InputChart(QWidget *parent) : OneSampleChart(QStringLiteral("sampleInput"), tr("Input"), parent) {}

QString InputChart::draw(const SampleStudy &study, const SampleView &view, QString &why)
{
    if (study.inputs.empty()) {
        why = tr("The model has no input.");
        return {};
    }
    const SampleStudy::Values &input = study.inputs[std::min(view.input, study.inputs.size() - 1)];
    const Layout layout = layoutOf(input.shape);
    const std::size_t cells = static_cast<std::size_t>(layout.rows) * static_cast<std::size_t>(layout.columns) * static_cast<std::size_t>(layout.channels);
    if (cells != input.floats.size() || cells == 0) {
        why = tr("An input of shape %1 cannot be drawn.").arg(QString::fromStdString(input.shape.text()));
        return {};
    }
    const Extent extent = extentOf(input.floats);
    const QString title = tr("Input %1, sample %2").arg(plainText(input.name)).arg(study.sample);
    setTitle(title, title);
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    const QString range = tr("%1 · values from %2 to %3").arg(QString::fromStdString(input.shape.text()), figureText(extent.smallest), figureText(extent.largest));
    if (layout.rows == 1) {
        addLine(chart, lineOf(input.floats, plot().width() * 2), colors.floatSide, Qt::SolidLine);
        const double room = std::max(extent.largest - extent.smallest, 1e-6) * 0.05;
        addAxis(chart, Qt::AlignBottom, 0.0, std::max(1.0, static_cast<double>(input.floats.size()) - 1.0), false, tr("position"));
        addAxis(chart, Qt::AlignLeft, extent.smallest - room, extent.largest + room, false, tr("value"));
        setLegend({{LegendEntry::Mark::Fill, colors.floatSide, tr("the dataset’s values")}});
        return range;
    }
    // Time goes to the right and frequency up; pictures stand as they were taken.
    const bool isMap = layout.channels == 1 && m_isAudio;
    const int wide = isMap ? layout.rows : layout.columns;
    const int high = isMap ? layout.columns : layout.rows;
    const int byX = (wide + kMostCells - 1) / kMostCells;
    const int byY = (high + kMostCells - 1) / kMostCells;
    const ColorScale scale = ColorScale::sequential(palette());
    const double span = extent.largest > extent.smallest ? extent.largest - extent.smallest : 1.0;
    const auto share = [&](int row, int column, int channel) {
        const auto at = (static_cast<std::size_t>(row) * static_cast<std::size_t>(layout.columns) + static_cast<std::size_t>(column)) * static_cast<std::size_t>(layout.channels)
            + static_cast<std::size_t>(channel);
        return (static_cast<double>(input.floats[at]) - extent.smallest) / span;
    };
    const auto level = [&](int row, int column, int channel) {
        const double value = share(row, column, channel);
        return std::isnan(value) ? 0 : static_cast<int>(std::lround(std::clamp(value, 0.0, 1.0) * 255.0));
    };
    const int rows = (high + byY - 1) / byY;
    const QImage image = imageOfCells((wide + byX - 1) / byX, rows, [&](int x, int y) {
        const int fromTop = (rows - 1 - y) * byY;
        const int row = isMap ? x * byX : fromTop;
        const int column = isMap ? layout.columns - 1 - fromTop : x * byX;
        return layout.channels == 3 ? qRgb(level(row, column, 0), level(row, column, 1), level(row, column, 2)) : scale.at(share(row, column, 0));
    });
    addLine(chart, {{0.0, 0.0}}, colors.floatSide, Qt::NoPen); // the image needs a series to be placed by
    addAxis(chart, Qt::AlignBottom, 0.0, wide, false, isMap ? tr("time step") : tr("column"));
    addAxis(chart, Qt::AlignLeft, 0.0, high, false, isMap ? tr("frequency bin") : tr("row from below"));
    addPlotImage(chart, image, QRectF(0.0, 0.0, wide, high));
    if (layout.channels == 3)
        setLegend({});
    else
        setLegend({{LegendEntry::Mark::Scale, {}, tr("%1 to %2").arg(figureText(extent.smallest), figureText(extent.largest)), scale.swatches()}});
    return range;
}

OutputChart::OutputChart(QWidget *parent) : OneSampleChart(QStringLiteral("sampleOutput"), tr("Output"), parent) {}

QString OutputChart::draw(const SampleStudy &study, const SampleView &, QString &why)
{
    if (study.outputs.empty() || study.outputs.front().dequantized.empty()) {
        why = tr("The output has no values to draw.");
        return {};
    }
    const SampleStudy::Values &output = study.outputs.front();
    setTitle(tr("Output, sample %1").arg(study.sample), tr("Output, sample %1").arg(study.sample));
    const std::vector<double> quantized(output.dequantized.begin(), output.dequantized.end());
    const std::vector<double> floats(output.floats.begin(), output.floats.end());
    const int most = std::max(12, plot().width() / 4);
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    const auto halves = [&](const std::vector<double> &values, double from, double to, const QColor &color) {
        std::vector<Bar> bars = barsOf(values, most);
        for (Bar &bar : bars) {
            const double width = bar.x1 - bar.x0;
            bar.x1 = bar.x0 + width * to;
            bar.x0 += width * from;
        }
        addBars(chart, bars, 0.0, color);
    };
    halves(floats, 0.0, 0.5, colors.floatSide);
    halves(quantized, 0.5, 1.0, colors.quantizedSide);
    double first = 0.0;
    double last = 0.0;
    for (const auto *values : {&floats, &quantized})
        for (const double value : *values)
            if (std::isfinite(value)) {
                first = std::min(first, value);
                last = std::max(last, value);
            }
    const double room = last > first ? (last - first) * 0.06 : 1.0;
    addAxis(chart, Qt::AlignBottom, -0.5, static_cast<double>(quantized.size()) - 0.5, false, tr("element"));
    addAxis(chart, Qt::AlignLeft, first < 0.0 ? first - room : 0.0, last + room, false, tr("value"));
    setLegend({{LegendEntry::Mark::Fill, colors.floatSide, tr("float model")}, {LegendEntry::Mark::Fill, colors.quantizedSide, tr("quantized model")}});
    const auto largest = [](const std::vector<double> &values) { return values.empty() ? -1 : static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin()); };
    const int floatAt = largest(floats);
    const int quantizedAt = largest(quantized);
    QStringList parts;
    if (study.label)
        parts << tr("label %1").arg(*study.label);
    if (floatAt >= 0)
        parts << tr("float model: largest is element %1 with %2").arg(floatAt).arg(figureText(floats[static_cast<std::size_t>(floatAt)]));
    parts << tr("quantized model: element %1 with %2").arg(quantizedAt).arg(figureText(quantized[static_cast<std::size_t>(quantizedAt)]));
    return parts.join(QStringLiteral(" · "));
}

TraceChart::TraceChart(const Session &session, Selection &selection, QWidget *parent)
    : OneSampleChart(QStringLiteral("sampleTrace"), tr("Trace"), parent), m_session(session), m_selection(selection)
{
    connect(&plot(), &PlotView::clicked, this, [this](const QPointF &value) {
        const int row = static_cast<int>(std::lround(value.x()));
        if (row >= 0 && row < m_session.shown().rowCount())
            m_selection.select(m_session.shown().key(row));
    });
    connect(&selection, &Selection::changed, this, [this] { refresh(); });
}

QString TraceChart::draw(const SampleStudy &study, const SampleView &, QString &why)
{
    const ShownReport &report = m_session.shown();
    if (!report.isMeasured() || study.rows.size() != static_cast<std::size_t>(report.rowCount())) {
        why = tr("The rows of this sample are not those of the report shown.");
        return {};
    }
    const QString title = tr("Error of sample %1 through all operators, rmse/scale").arg(study.sample);
    setTitle(title, title);
    std::vector<double> local;
    std::vector<double> accumulated;
    QList<QPointF> mean;
    double top = metrics()[static_cast<std::size_t>(verdictMetric())]->ideal;
    for (int row = 0; row < report.rowCount(); ++row) {
        const auto scale = static_cast<double>(report.comparison(row)->scale);
        const SampleStudy::RowError &error = study.rows[static_cast<std::size_t>(row)];
        local.push_back(std::isfinite(error.local / scale) ? error.local / scale : kNaN);
        accumulated.push_back(std::isfinite(error.accumulated / scale) ? error.accumulated / scale : kNaN);
        for (const double value : {local.back(), accumulated.back()})
            top = std::isnan(value) ? top : std::max(top, value);
        if (const double value = report.figure(row, verdictMetric(), ErrorKind::Accumulated); std::isfinite(value)) {
            mean << QPointF(row, value);
            top = std::max(top, value);
        }
    }
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    if (const int row = report.find(m_selection.current()); row >= 0) {
        QColor fill = colors.selection;
        fill.setAlphaF(0.22f);
        addBars(chart, {{row - 0.5, row + 0.5, top * 1.08, row}}, 0.0, fill);
    }
    const int most = std::max(20, plot().width() / 4);
    for (const auto &[values, offset, color] : {std::tuple(&local, 0.0, colors.floatSide), std::tuple(&accumulated, 0.5, colors.accumulated)}) {
        std::vector<Bar> bars = barsOf(*values, most, 0.78);
        for (Bar &bar : bars) {
            const double width = bar.x1 - bar.x0;
            bar.x0 += width * offset;
            bar.x1 = bar.x0 + width * 0.5;
        }
        addBars(chart, bars, 0.0, color);
    }
    addLine(chart, mean.size() > plot().width() * 2 ? QList<QPointF>() : mean, palette().color(QPalette::Text), Qt::DotLine);
    setLegend({{LegendEntry::Mark::Fill, colors.floatSide, kindText(ErrorKind::Local)},
               {LegendEntry::Mark::Fill, colors.accumulated, kindText(ErrorKind::Accumulated)},
               {LegendEntry::Mark::Dots, palette().color(QPalette::Text), tr("accumulated error, all samples")}});
    addOperatorAxis(plot(), report);
    addAxis(chart, Qt::AlignLeft, 0.0, top * 1.08, false, QString());
    int worst = -1;
    for (int row = 0; row < report.rowCount(); ++row)
        if (const double value = local[static_cast<std::size_t>(row)]; !std::isnan(value) && (worst < 0 || value > local[static_cast<std::size_t>(worst)]))
            worst = row;
    return worst < 0 ? tr("nothing measured") : tr("largest local error: %1 at #%2 %3").arg(figureText(local[static_cast<std::size_t>(worst)])).arg(worst + 1).arg(report.operatorName(worst));
}

} // namespace quantloupe::ui
