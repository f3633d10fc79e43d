// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/graph_panel.h"

#include "charts/legend.h"
#include "style/theme.h"
#include "text/figure_text.h"

#include <algorithm>

namespace quantloupe::ui {

GraphPanel::GraphPanel(const QString &objectName, const QString &title, QWidget *parent) : ChartPanel(objectName, title, parent), m_view(new GraphView(this))
{
    m_view->setObjectName(objectName + QStringLiteral("View"));
    m_view->setAccessibleName(title);
    m_view->viewport()->setAccessibleName(title);
    setContent(m_view);
}

void GraphPanel::setDrawing(std::shared_ptr<const GraphDrawing> drawing, const QString &instead)
{
    m_view->setDrawing(std::move(drawing));
    m_instead = instead;
    m_metric.clear();
    m_marked = 0;
    refresh();
}

void GraphPanel::setMarks(std::vector<NodeMark> marks, const QString &metric)
{
    m_marked = static_cast<int>(std::count_if(marks.begin(), marks.end(), [](const NodeMark &mark) { return !mark.text.isEmpty(); }));
    m_metric = metric;
    m_view->setMarks(std::move(marks));
    refresh();
}

void GraphPanel::rebuild()
{
    if (!m_view->drawing()) {
        showInstead(m_instead);
        return;
    }
    const MeaningColors colors = meaningColors(palette());
    QList<LegendEntry> legend;
    if (m_marked > 0)
        legend = {{LegendEntry::Mark::Fill, colors.ideal, tr("at the ideal")}, {LegendEntry::Mark::Fill, colors.raised, tr("above the ideal")},
                  {LegendEntry::Mark::Fill, colors.outlier, tr("outlier")}};
    setLegend(legend);
    showPlot(summaryText());
}

QString GraphPanel::summaryText() const
{
    const Outline &outline = m_view->drawing()->outline;
    const auto operators = m_view->drawing()->model->main().operators.size();
    const auto folded = std::count_if(outline.nodes.begin(), outline.nodes.end(), [](const Outline::Node &node) { return node.kind == Outline::NodeKind::Block; });
    QString text = tr("%1 operators in %2 layers").arg(countText(static_cast<double>(operators)), countText(static_cast<double>(outline.layout.rows.size())));
    if (folded > 0)
        text += tr(", %1 blocks folded").arg(countText(static_cast<double>(folded)));
    if (m_marked > 0)
        text += tr("; coloured by %1").arg(m_metric);
    return text + QLatin1Char('.');
}

} // namespace quantloupe::ui
