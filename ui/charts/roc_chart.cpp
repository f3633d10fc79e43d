// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/roc_chart.h"

#include "charts/chart_style.h"
#include "charts/legend.h"
#include "charts/plot_view.h"
#include "report/evaluation.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QChart>
#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

QList<QPointF> pointsOf(const Curve &curve)
{
    QList<QPointF> points;
    for (const CurvePoint &point : curve.points)
        points << QPointF(point.x, point.y);
    return points;
}

/// The curve's value at x, on the straight lines between its points.
double valueAt(const Curve &curve, double x)
{
    const auto &points = curve.points;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const auto [low, high] = std::minmax(points[i - 1].x, points[i].x);
        if (x < low || x > high)
            continue;
        const double width = points[i].x - points[i - 1].x;
        return width == 0.0 ? std::max(points[i - 1].y, points[i].y) : points[i - 1].y + (points[i].y - points[i - 1].y) * (x - points[i - 1].x) / width;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

} // namespace

RocChart::RocChart(QWidget *parent) : ChartPanel(QStringLiteral("rocChart"), tr("ROC"), parent), m_class(new QComboBox(this)), m_kind(new QComboBox(this))
{
    m_class->setObjectName(QStringLiteral("rocClass"));
    m_class->setAccessibleName(tr("Class of the curve"));
    m_class->setToolTip(tr("This class against all others. The one whose area changed most comes first."));
    m_class->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_kind->setObjectName(QStringLiteral("rocKind"));
    m_kind->setAccessibleName(tr("Kind of curve"));
    m_kind->addItem(tr("ROC"));
    m_kind->addItem(tr("precision–recall"));
    m_kind->setToolTip(tr("True against false positives, or precision against recall, which says more where the class is rare"));
    controls().insertWidget(1, m_class);
    controls().insertWidget(2, m_kind);
    for (const QComboBox *choice : {m_class, m_kind})
        connect(choice, &QComboBox::currentIndexChanged, this, [this] { refresh(); });
    connect(&plot(), &PlotView::hovered, this, [this](const QPointF &value, const QPoint &position) {
        const Pair pair = curves(isRoc());
        if (!pair.floats || value.x() < 0.0 || value.x() > 1.0)
            return;
        const QString what = isRoc() ? tr("At a false positive rate of %1 the true positive rate is %2 in float, %3 quantized.") : tr("At a recall of %1 the precision is %2 in float, %3 quantized.");
        QToolTip::showText(position, plainToolTip(what.arg(figureText(value.x()), figureText(valueAt(*pair.floats, value.x())), figureText(valueAt(*pair.quantized, value.x())))), &plot());
    });
}

bool RocChart::isRoc() const
{
    return m_kind->currentIndex() == 0;
}

RocChart::Pair RocChart::curvesOf(std::size_t oneClass, bool isRoc) const
{
    const auto &floats = m_evaluation->floatModel.classification;
    const auto &quantized = m_evaluation->quantizedModel.classification;
    if (!floats || !quantized || oneClass >= floats->classes.size() || oneClass >= quantized->classes.size())
        return {nullptr, nullptr};
    const ClassFigures &f = floats->classes[oneClass];
    const ClassFigures &q = quantized->classes[oneClass];
    if (f.roc.points.empty() || q.roc.points.empty() || std::isnan(f.roc.area))
        return {nullptr, nullptr};
    return isRoc ? Pair{&f.roc, &q.roc} : Pair{&f.precisionRecall, &q.precisionRecall};
}

RocChart::Pair RocChart::curves(bool isRoc) const
{
    if (!m_evaluation)
        return {nullptr, nullptr};
    const auto &floats = m_evaluation->floatModel.anomaly;
    const auto &quantized = m_evaluation->quantizedModel.anomaly;
    if (floats && quantized)
        return isRoc ? Pair{&floats->roc, &quantized->roc} : Pair{&floats->precisionRecall, &quantized->precisionRecall};
    return m_class->currentIndex() < 0 ? Pair{nullptr, nullptr} : curvesOf(m_class->currentData().toULongLong(), isRoc);
}

void RocChart::offerClasses()
{
    const QSignalBlocker quiet(m_class);
    m_class->clear();
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t c = 0; m_evaluation && c < m_evaluation->classes.size(); ++c)
        if (const Pair pair = curvesOf(c, true); pair.floats)
            order.emplace_back(-std::abs(pair.quantized->area - pair.floats->area), c);
    std::ranges::stable_sort(order);
    for (const auto &[change, c] : order)
        m_class->addItem(plainText(m_evaluation->classes[c]), static_cast<qulonglong>(c));
    m_class->setVisible(m_class->count() > 0);
}

void RocChart::setEvaluation(std::shared_ptr<const Evaluation> evaluation, const QString &instead)
{
    m_evaluation = std::move(evaluation);
    m_instead = instead;
    offerClasses();
    refresh();
}

void RocChart::rebuild()
{
    const Pair pair = curves(isRoc());
    m_kind->setEnabled(pair.floats != nullptr);
    if (!pair.floats) {
        showInstead(m_evaluation ? tr("The samples are all of one kind: there is no curve.") : m_instead);
        return;
    }
    const MeaningColors colors = meaningColors(palette());
    QChart &chart = *plot().chart();
    clearChart(chart);
    if (isRoc())
        addLine(chart, {{0.0, 0.0}, {1.0, 1.0}}, colors.faintText, Qt::DotLine);
    addLine(chart, pointsOf(*pair.floats), colors.floatSide, Qt::SolidLine);
    addLine(chart, pointsOf(*pair.quantized), colors.quantizedSide, Qt::DashLine);
    addAxis(chart, Qt::AlignBottom, 0.0, 1.0, false, isRoc() ? tr("false positive rate") : tr("recall"));
    addAxis(chart, Qt::AlignLeft, 0.0, 1.0, false, isRoc() ? tr("true positive rate") : tr("precision"));
    attachAll(chart);
    styleChart(chart, palette(), font());
    const QString what = m_class->count() > 0 ? m_class->currentText() : tr("abnormal samples");
    setTitle(isRoc() ? tr("ROC of “%1”").arg(what) : tr("Precision and recall of “%1”").arg(what), isRoc() ? tr("ROC") : tr("Precision–recall"));
    setFileStem((isRoc() ? QStringLiteral("roc-") : QStringLiteral("precision-recall-")) + QString(what).replace(QLatin1Char('/'), QLatin1Char('-')));
    QList<LegendEntry> legend{{LegendEntry::Mark::Line, colors.floatSide, tr("float, solid")}, {LegendEntry::Mark::Dashes, colors.quantizedSide, tr("quantized, dashed")}};
    if (isRoc())
        legend << LegendEntry{LegendEntry::Mark::Dots, colors.faintText, tr("chance")};
    setLegend(legend);
    showPlot((isRoc() ? tr("“%1”: AUC %2 float, %3 quantized") : tr("“%1”: average precision %2 float, %3 quantized"))
                 .arg(what, figureText(pair.floats->area), figureText(pair.quantized->area)));
}

} // namespace quantloupe::ui
