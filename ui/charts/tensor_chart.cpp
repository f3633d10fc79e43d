// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tensor_chart.h"

#include "charts/chart_style.h"
#include "charts/legend.h"
#include "charts/plot_view.h"
#include "models/verdict.h"
#include "models/column_text.h"
#include "text/figure_text.h"
#include "text/plain_text.h"
#include "style/theme.h"

#include <QChart>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

int barsThatFit(const PlotView &plot)
{
    return std::max(24, plot.width() / 2);
}

double highest(const std::vector<Bar> &bars)
{
    double y = 0.0;
    for (const Bar &bar : bars)
        y = std::max(y, bar.y);
    return y > 0.0 ? y * 1.06 : 1.0;
}

/// Share of the elements whose error may lie beyond the axis.
constexpr double kTail = 0.001;

struct Span {
    double first;
    double last;
};

Span spanOf(const std::vector<Bar> &a, const std::vector<Bar> &b)
{
    Span span{0.0, 0.0};
    bool isSet = false;
    for (const auto *bars : {&a, &b})
        for (const Bar &bar : *bars) {
            span = isSet ? Span{std::min(span.first, bar.x0), std::max(span.last, bar.x1)} : Span{bar.x0, bar.x1};
            isSet = true;
        }
    if (span.last <= span.first)
        span.last = span.first + 1.0;
    const double room = (span.last - span.first) * 0.02;
    return {span.first - room, span.last + room};
}

/// Where the codes lie: every one, or every 2nd, 4th, ... where they would lie closer than a few pixels.
void addGrid(QChart &chart, const TensorComparison &row, const Span &span, double top, int width, const QColor &color)
{
    constexpr double kPixelsApart = 6.0;
    const auto scale = static_cast<double>(row.scale);
    const IntegerRange range = integerRange(row.type);
    double step = 1.0;
    while (scale > 0.0 && step < 65536.0 && scale * step / (span.last - span.first) * width < kPixelsApart)
        step *= 2.0;
    if (!(scale > 0.0) || step >= 65536.0)
        return;
    // One line that goes up and down costs one series instead of hundreds.
    QList<QPointF> points;
    const auto zeroPoint = static_cast<double>(row.zeroPoint);
    const double first = std::max(std::ceil((span.first / scale + zeroPoint) / step) * step, static_cast<double>(range.min));
    for (double code = first; code <= static_cast<double>(range.max) && (code - zeroPoint) * scale <= span.last; code += step) {
        const double x = (code - zeroPoint) * scale;
        points << QPointF(x, -top) << QPointF(x, top * 2.0) << QPointF(x, -top); // back below the plot, where the way across is not seen
    }
    addLine(chart, points, color, Qt::SolidLine);
}

std::uint64_t outside(const Histogram &histogram)
{
    return histogram.below + histogram.above;
}

} // namespace

TensorChart::TensorChart(const QString &objectName, const QString &title, const Session &session, const Selection &selection, QWidget *parent)
    : ChartPanel(objectName, title, parent), m_session(session), m_selection(selection), m_name(title), m_later(new QTimer(this))
{
    m_later->setSingleShot(true);
    connect(m_later, &QTimer::timeout, this, [this] { refresh(); });
    connect(&session, &Session::shownChanged, this, &TensorChart::follow);
    connect(&selection, &Selection::changed, this, [this] { refresh(); });
}

/// While a run goes on the charts of a page are drawn one after another, so that none keeps the user waiting for all.
void TensorChart::follow()
{
    constexpr int kMillisecondsApart = 70;
    const auto &report = m_session.shown().report();
    if (!report || !report->isPartial || !isVisible() || !isPlotShown()) {
        m_later->stop();
        refresh();
    } else if (!m_later->isActive()) {
        m_later->start(kMillisecondsApart * static_cast<int>(parentWidget()->findChildren<TensorChart *>(Qt::FindDirectChildrenOnly).indexOf(this)));
    }
}

QString TensorChart::whyNothing(int row) const
{
    if (m_session.shown().isEmpty())
        return tr("Nothing to draw yet.");
    if (!m_session.shown().isMeasured())
        return tr("This report was read from a file and holds no distributions. Run to measure them here.");
    if (row < 0)
        return tr("Select a row of the table or a bar of the chart.");
    const std::string &why = m_session.shown().comparison(row)->whyNotCompared;
    return why.empty() ? tr("The %1 was not measured.").arg(kindText(kind())) : plainText(why);
}

void TensorChart::rebuild()
{
    const int row = m_session.shown().find(m_selection.current());
    const TensorComparison *comparison = m_session.shown().comparison(row);
    if (!comparison || !comparison->statistics(kind())) {
        setTitle(m_name, m_name);
        showInstead(whyNothing(row));
        return;
    }
    const QString place = QStringLiteral("#%1 %2").arg(row + 1).arg(m_session.shown().operatorName(row));
    setTitle(tr("%1, %2: %3").arg(m_name, kindText(kind()), place), tr("%1 · %2 · %3").arg(m_name, kindText(kind()), place));
    setFileStem(QStringLiteral("%1-%2-%3").arg(objectName()).arg(row + 1).arg(m_session.shown().operatorName(row)));
    drawPlot([&](QString &) { return draw(*comparison, *comparison->statistics(kind())); });
}

QColor TensorChart::kindColor() const
{
    const MeaningColors colors = meaningColors(palette());
    return kind() == ErrorKind::Local ? colors.floatSide : colors.accumulated;
}

QString TensorChart::fewElementsNotice(const TensorComparison &row) const
{
    const auto elements = static_cast<double>(row.shape.elementCount());
    return elements < kFewElements ? tr("few elements (%1): read with care").arg(countText(elements)) : QString();
}

ValueHistogram::ValueHistogram(const QString &objectName, const Session &session, const Selection &selection, QWidget *parent)
    : TensorChart(objectName, tr("Values"), session, selection, parent)
{
    refresh();
}

QString ValueHistogram::draw(const TensorComparison &row, const ErrorStatistics &statistics)
{
    const MeaningColors colors = meaningColors(palette());
    const int limit = barsThatFit(plot());
    const auto floatBars = barsOf(statistics.floatValues, limit);
    const auto quantizedBars = barsOf(row.quantizedValues, limit);
    QChart &chart = *plot().chart();
    addHistogram(chart, floatBars, colors.floatSide);
    addHistogram(chart, quantizedBars, colors.quantizedSide);
    setLegend({{LegendEntry::Mark::Fill, colors.floatSide, tr("float")}, {LegendEntry::Mark::Fill, colors.quantizedSide, tr("dequantized")}});
    const Span span = spanOf(floatBars, quantizedBars);
    addGrid(chart, row, span, std::max(highest(floatBars), highest(quantizedBars)), plot().width(), translucent(colors.grid, 0.045f));
    addAxis(chart, Qt::AlignBottom, span.first, span.last, false, tr("value"));
    addAxis(chart, Qt::AlignLeft, 0.0, std::max(highest(floatBars), highest(quantizedBars)), false, tr("share, %"));
    QStringList parts{tr("from %1 to %2").arg(figureText(span.first), figureText(span.last)), tr("scale %1").arg(figureText(static_cast<double>(row.scale)))};
    if (outside(statistics.floatValues) > 0)
        parts << tr("float values beyond the range: %1").arg(countText(static_cast<double>(outside(statistics.floatValues))));
    if (const QString notice = fewElementsNotice(row); !notice.isEmpty())
        parts.prepend(notice);
    return parts.join(QStringLiteral(" · "));
}

CodeChart::CodeChart(const Session &session, const Selection &selection, QWidget *parent)
    : TensorChart(QStringLiteral("tensorCodes"), tr("Codes"), session, selection, parent)
{
    refresh();
}

QString CodeChart::draw(const TensorComparison &row, const ErrorStatistics &)
{
    const Histogram &histogram = row.quantizedValues;
    const IntegerRange range = integerRange(row.type);
    const auto codesPerBin = static_cast<double>(range.max - range.min + 1) / static_cast<double>(std::max<std::size_t>(histogram.counts.size(), 1));
    const auto total = static_cast<double>(std::max<std::uint64_t>(histogram.total(), 1));
    double least = 100.0;
    double most = 0.0;
    std::size_t used = 0;
    for (const std::uint64_t count : histogram.counts)
        if (count > 0) {
            const double share = 100.0 * static_cast<double>(count) / total;
            least = std::min(least, share);
            most = std::max(most, share);
            ++used;
        }
    // Shares span decades: a code that occurs once must be seen beside one that is everywhere.
    const double top = std::pow(10.0, std::ceil(std::log10(std::max(most, least) * 1.02)));
    const double floor = std::min(std::pow(10.0, std::floor(std::log10(least))), top / 100.0); // two decades, so that one has its label inside
    std::vector<Bar> inside;
    std::vector<Bar> ends;
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        if (histogram.counts[bin] == 0)
            continue;
        const double first = static_cast<double>(range.min) - 0.5 + static_cast<double>(bin) * codesPerBin;
        const Bar bar{first, first + codesPerBin, 100.0 * static_cast<double>(histogram.counts[bin]) / total, static_cast<int>(bin)};
        (bin == 0 || bin + 1 == histogram.counts.size() ? ends : inside).push_back(bar);
    }
    const BinRange filled = filledBins(histogram);
    QChart &chart = *plot().chart();
    const MeaningColors colors = meaningColors(palette());
    const double lower = static_cast<double>(range.min) - 0.5;
    const double upper = static_cast<double>(range.max) + 0.5;
    const double firstUsed = lower + static_cast<double>(filled.first) * codesPerBin;
    const double lastUsed = lower + static_cast<double>(filled.last) * codesPerBin;
    std::vector<Bar> unused;
    if (filled.first > 0)
        unused.push_back({lower, firstUsed, top, 0});
    if (lastUsed < upper)
        unused.push_back({lastUsed, upper, top, 0});
    addBars(chart, unused, floor, colors.grid);
    addBars(chart, inside, floor, colors.quantizedSide);
    addBars(chart, ends, floor, colors.outlier);
    const double zero = static_cast<double>(row.zeroPoint);
    addLine(chart, {{zero, floor}, {zero, top}}, palette().color(QPalette::Text), Qt::DashLine);
    const double room = (upper - lower) * 0.015;
    addAxis(chart, Qt::AlignBottom, lower - room, upper + room, false, tr("code"));
    addAxis(chart, Qt::AlignLeft, floor, top, true, tr("share, %"));
    setLegend({{LegendEntry::Mark::Fill, colors.quantizedSide, tr("inside")},
               {LegendEntry::Mark::Fill, colors.outlier, tr("at %1 or %2").arg(range.min).arg(range.max)},
               {LegendEntry::Mark::Fill, colors.grid, tr("unused range")},
               {LegendEntry::Mark::Dashes, palette().color(QPalette::Text), tr("zero point")}});
    const auto shareAt = [&](std::size_t bin) { return histogram.counts.empty() ? 0.0 : 100.0 * static_cast<double>(histogram.counts[bin]) / total; };
    QStringList parts;
    if (codesPerBin == 1.0)
        parts << tr("codes used: %1 of %2").arg(used).arg(histogram.counts.size())
              << tr("at %1: %2 %, at %3: %4 %").arg(range.min).arg(figureText(shareAt(0))).arg(range.max).arg(figureText(shareAt(histogram.counts.size() - 1)));
    else
        parts << tr("%1 codes a bar").arg(countText(codesPerBin));
    parts << tr("unused below: %1 %, above: %2 %").arg(figureText(100.0 * (firstUsed - lower) / (upper - lower)), figureText(100.0 * (upper - lastUsed) / (upper - lower)));
    if (const QString notice = fewElementsNotice(row); !notice.isEmpty())
        parts.prepend(notice);
    return parts.join(QStringLiteral(" · "));
}

ErrorHistogram::ErrorHistogram(const QString &objectName, const Session &session, const Selection &selection, QWidget *parent)
    : TensorChart(objectName, tr("Error in LSB"), session, selection, parent)
{
    refresh();
}

QString ErrorHistogram::draw(const TensorComparison &row, const ErrorStatistics &statistics)
{
    const Histogram &histogram = statistics.errorInLsb;
    const double reach = std::max(reachOf(histogram, kTail) * 1.05, 0.75);
    auto bars = barsOf(histogram, static_cast<int>(histogram.counts.size()));
    std::erase_if(bars, [&](const Bar &bar) { return bar.x0 < -reach || bar.x1 > reach; });
    if (bars.size() > static_cast<std::size_t>(barsThatFit(plot())))
        bars = barsOf(histogram, barsThatFit(plot()));
    QChart &chart = *plot().chart();
    const Span span{-reach, reach};
    const double top = highest(bars);
    const QColor color = kindColor();
    const QColor text = palette().color(QPalette::Text);
    addHistogram(chart, bars, color);
    addLine(chart, {{-0.5, 0.0}, {-0.5, top}}, text, Qt::DashLine);
    addLine(chart, {{0.5, 0.0}, {0.5, top}}, text, Qt::DashLine);
    setLegend({{LegendEntry::Mark::Fill, color, tr("dequantized − float")}, {LegendEntry::Mark::Dashes, text, tr("±½ LSB: rounding alone")}});
    addAxis(chart, Qt::AlignBottom, span.first, span.last, false, tr("error, LSB"));
    addAxis(chart, Qt::AlignLeft, 0.0, top, false, tr("share, %"));
    QStringList parts;
    if (const QString notice = fewElementsNotice(row); !notice.isEmpty())
        parts << notice;
    const BinRange filled = filledBins(histogram);
    parts << tr("from %1 to %2 LSB").arg(figureText(histogram.lower + static_cast<double>(filled.first) * histogram.width),
                                         figureText(histogram.lower + static_cast<double>(filled.last) * histogram.width));
    parts << tr("one LSB is %1").arg(figureText(static_cast<double>(row.scale)));
    if (outside(histogram) > 0)
        parts << tr("beyond what is counted: %1").arg(countText(static_cast<double>(outside(histogram))));
    if (statistics.notFinite > 0)
        parts << tr("not finite: %1").arg(countText(static_cast<double>(statistics.notFinite)));
    return parts.join(QStringLiteral(" · "));
}

SampleChart::SampleChart(const QString &objectName, const Session &session, const Selection &selection, QWidget *parent)
    : TensorChart(objectName, tr("Error by sample"), session, selection, parent)
{
    refresh();
}

QString SampleChart::draw(const TensorComparison &, const ErrorStatistics &statistics)
{
    const std::vector<double> values(statistics.rmseBySample.begin(), statistics.rmseBySample.end());
    const auto bars = barsOf(values, barsThatFit(plot()), 0.8);
    QChart &chart = *plot().chart();
    addBars(chart, bars, 0.0, kindColor());
    setLegend({{LegendEntry::Mark::Fill, kindColor(), tr("RMSE of one sample")}});
    addAxis(chart, Qt::AlignBottom, -0.5, static_cast<double>(std::max<std::size_t>(values.size(), 1)) - 0.5, false, tr("sample"));
    addAxis(chart, Qt::AlignLeft, 0.0, highest(bars), false, tr("RMSE, real"));
    QStringList parts{tr("samples shown: %1").arg(countText(static_cast<double>(values.size())))};
    if (!statistics.worstSamples.empty())
        parts << tr("worst: sample %1 with %2").arg(statistics.worstSamples.front().sample).arg(figureText(statistics.worstSamples.front().rmse));
    return parts.join(QStringLiteral(" · "));
}

} // namespace quantloupe::ui
