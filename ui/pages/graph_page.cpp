// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/graph_page.h"

#include "charts/graph_panel.h"
#include "metrics/metric.h"
#include "models/column_text.h"
#include "style/figure_table.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QAction>
#include <QComboBox>
#include <QHash>
#include <QLineEdit>
#include <QSplitter>
#include <QTableWidget>
#include <QToolBar>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

QString tensorText(const Subgraph &graph, TensorIndex index)
{
    if (!index.isValid())
        return GraphPage::tr("left out");
    const Tensor &tensor = graph.tensor(index);
    QString text = plainText(tensor.name) + QStringLiteral("  ") + plainText(name(tensor.type)) + QLatin1Char(' ') + QString::fromStdString(tensor.shape.text());
    if (tensor.quant.isPerChannel())
        text += GraphPage::tr(", %1 scales along axis %2").arg(tensor.quant.scales.size()).arg(tensor.quant.axis);
    else if (tensor.quant.isQuantized())
        text += GraphPage::tr(", scale %1, zero point %2").arg(figureText(static_cast<double>(tensor.quant.scale()))).arg(tensor.quant.zeroPoint());
    return text;
}

template <typename T> QString listText(const std::vector<T> &numbers)
{
    QStringList texts;
    for (const T number : numbers)
        texts << QString::number(number);
    return texts.join(QStringLiteral(", "));
}

QString valueText(const Options::Value &value)
{
    struct Text {
        QString operator()(std::int64_t number) const { return QString::number(number); }
        QString operator()(double number) const { return figureText(number); }
        QString operator()(const std::string &text) const { return plainText(text); }
        QString operator()(const std::vector<std::int64_t> &numbers) const { return listText(numbers); }
        QString operator()(const std::vector<double> &numbers) const { return listText(numbers); }
    };
    return std::visit(Text{}, value);
}

using Fact = std::pair<QString, QString>;

QList<Fact> factsOf(const GraphDrawing &drawing, int node)
{
    const Outline::Node &what = drawing.outline.nodes[static_cast<std::size_t>(node)];
    const Subgraph &graph = drawing.model->main();
    QList<Fact> facts{{GraphPage::tr("Node"), plainText(what.title)}};
    if (what.kind == Outline::NodeKind::Block) {
        facts << Fact{GraphPage::tr("Path"), plainText(what.name)} << Fact{GraphPage::tr("Operators"), countText(static_cast<double>(what.operators.size()))};
        facts << Fact{GraphPage::tr("Output"), tensorText(graph, what.tensor)};
        return facts;
    }
    if (what.kind != Outline::NodeKind::Operator) {
        facts << Fact{GraphPage::tr("Tensor"), tensorText(graph, what.tensor)};
        return facts;
    }
    const Operator &op = graph.op(what.operators.front());
    facts << Fact{GraphPage::tr("Operator"), QString::number(what.operators.front().value)} << Fact{GraphPage::tr("Version"), QString::number(op.version)};
    for (std::size_t i = 0; i < op.inputs.size(); ++i)
        facts << Fact{GraphPage::tr("Input %1").arg(i), tensorText(graph, op.inputs[i])};
    for (std::size_t i = 0; i < op.outputs.size(); ++i)
        facts << Fact{GraphPage::tr("Output %1").arg(i), tensorText(graph, op.outputs[i])};
    for (const auto &[name, value] : op.options.all())
        facts << Fact{plainText(name), valueText(value)};
    return facts;
}

/// Whether a node, its tensor or an operator folded into it has the text in its name.
bool isCalled(const GraphDrawing &drawing, const Outline::Node &node, const QString &text)
{
    const auto has = [&](const std::string &name) { return plainText(name).contains(text, Qt::CaseInsensitive); };
    return has(node.title) || has(node.name)
        || (node.operators.size() > 1 && std::ranges::any_of(node.operators, [&](OperatorIndex op) { return has(drawing.model->main().op(op).name); }));
}

} // namespace

GraphPage::GraphPage(const PageContext &context, QWidget *parent)
    : Page(parent), m_session(context.session), m_selection(context.selection), m_float(new GraphPanel(QStringLiteral("floatGraph"), tr("Float graph"), this)),
      m_quantized(new GraphPanel(QStringLiteral("quantizedGraph"), tr("Quantized graph"), this)), m_tools(new QToolBar(this)), m_search(new QLineEdit(this)), m_metric(new QComboBox(this)),
      m_facts(new QTableWidget(this)), m_panes(new QSplitter(Qt::Horizontal, this))
{
    setObjectName(QStringLiteral("graphPage"));
    m_facts->setObjectName(QStringLiteral("graphFacts"));
    m_facts->setAccessibleName(tr("Facts about the selected node"));
    styleFigureTable(*m_facts, {tr("Property"), tr("Value")});
    m_panes->setObjectName(QStringLiteral("graphPanes"));
    m_panes->setChildrenCollapsible(false);
    for (QWidget *pane : QList<QWidget *>{m_float, m_quantized, m_facts})
        m_panes->addWidget(pane);
    addControls();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addWidget(m_panes, 1);
    resetLayout();
    for (const GraphPanel *panel : {m_float, m_quantized}) {
        connect(&panel->view(), &GraphView::clicked, this, [this, panel](int node) { choose(*panel, node); });
        connect(&panel->view(), &GraphView::activated, this, [this, panel](int node) { toggleBlock(*panel, node); });
    }
    connect(&m_session, &Session::subjectChanged, this, &GraphPage::draw);
    connect(&m_session, &Session::shownChanged, this, [this] {
        matchRows();
        mark();
        followSelection();
    });
    connect(&m_selection, &Selection::changed, this, &GraphPage::followSelection);
    m_float->setDrawing({}, tr("Open an archive to see its graphs."));
    m_quantized->setDrawing({}, tr("Open an archive to see its graphs."));
}

void GraphPage::addControls()
{
    m_tools->setObjectName(QStringLiteral("graphTools"));
    m_search->setObjectName(QStringLiteral("graphSearch"));
    m_search->setPlaceholderText(tr("Find operator or tensor"));
    m_search->setAccessibleName(tr("Find operator or tensor"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(260);
    m_metric->setObjectName(QStringLiteral("graphMetric"));
    m_metric->setAccessibleName(tr("Metric that colours the graphs"));
    m_metric->setToolTip(tr("Metric that colours the graphs"));
    for (int metric = 0; metric < static_cast<int>(metrics().size()); ++metric)
        m_metric->addItem(metricName(metric));
    m_metric->setCurrentIndex(std::max(0, verdictMetric()));
    m_tools->addWidget(m_search);
    m_tools->addWidget(m_metric);
    addToggle(QStringLiteral("graphFold"), tr("Fold blocks"), tr("Draw normalizations, unrolled recurrences and convolutions with what follows as one node each"), {}, true, &GraphPage::fold);
    addToggle(QStringLiteral("graphNames"), tr("Names"), tr("Names of tensors"), Qt::CTRL | Qt::Key_U, true, &GraphPage::showNames);
    addToggle(QStringLiteral("graphAttributes"), tr("Attributes"), tr("Options of operators"), Qt::CTRL | Qt::Key_D, false, &GraphPage::showAttributes);
    addToggle(QStringLiteral("graphWeights"), tr("Weights"), tr("Shapes of constants"), Qt::CTRL | Qt::Key_I, false, &GraphPage::showWeights);
    addToggle(QStringLiteral("graphRightward"), tr("Horizontal"), tr("Draw from left to right"), Qt::CTRL | Qt::Key_K, false, &GraphPage::drawRightward);
    addToggle(QStringLiteral("graphWheel"), tr("Wheel zooms"), tr("The mouse wheel zooms; with Ctrl it scrolls, and the other way round"), Qt::CTRL | Qt::Key_M, false, &GraphPage::wheelZooms);
    QAction *fit = m_tools->addAction(tr("Fit"), this, [this] {
        m_float->view().fit();
        m_quantized->view().fit();
    });
    fit->setObjectName(QStringLiteral("graphFit"));
    fit->setToolTip(tr("Both graphs as large as the page allows. Shift+Up and Shift+Down zoom, Shift+Backspace shows life size."));
    connect(m_search, &QLineEdit::textChanged, this, &GraphPage::refreshFound);
    connect(m_search, &QLineEdit::returnPressed, this, [this] { find(1); });
    connect(m_metric, &QComboBox::currentIndexChanged, this, &GraphPage::mark);
}

QAction *GraphPage::addToggle(const QString &name, const QString &text, const QString &toolTip, const QKeySequence &keys, bool isOn, void (GraphPage::*then)(bool))
{
    QAction *action = m_tools->addAction(text);
    action->setObjectName(name);
    action->setCheckable(true);
    action->setChecked(isOn);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(keys.isEmpty() ? toolTip : tr("%1 (%2)").arg(toolTip, keys.toString(QKeySequence::NativeText)));
    addAction(action);
    connect(action, &QAction::toggled, this, then);
    return action;
}

QList<ChartPanel *> GraphPage::charts() const
{
    return {m_float, m_quantized};
}

QList<QWidget *> GraphPage::panes() const
{
    return {m_search, &m_float->view(), &m_quantized->view(), m_facts};
}

void GraphPage::resetLayout()
{
    m_panes->setSizes({430, 430, 340});
}

QList<QSplitter *> GraphPage::splitters() const
{
    return {m_panes};
}

void GraphPage::showNames(bool isShown)
{
    m_float->view().setNamesShown(isShown);
    m_quantized->view().setNamesShown(isShown);
}

void GraphPage::showAttributes(bool isShown)
{
    m_float->view().setAttributesShown(isShown);
    m_quantized->view().setAttributesShown(isShown);
}

void GraphPage::showWeights(bool isShown)
{
    m_float->view().setWeightsShown(isShown);
    m_quantized->view().setWeightsShown(isShown);
}

void GraphPage::drawRightward(bool isRightward)
{
    const auto direction = isRightward ? GraphView::Direction::Right : GraphView::Direction::Down;
    m_float->view().setDirection(direction);
    m_quantized->view().setDirection(direction);
}

void GraphPage::wheelZooms(bool zooms)
{
    m_float->view().setWheelZooms(zooms);
    m_quantized->view().setWheelZooms(zooms);
}

void GraphPage::fold(bool isFolding)
{
    m_isFolding = isFolding;
    m_openFloat.clear();
    m_openQuantized.clear();
    m_isStale = true;
    draw();
}

void GraphPage::toggleBlock(const GraphPanel &panel, int node)
{
    const Outline &outline = panel.view().drawing()->outline;
    const int block = outline.nodes[static_cast<std::size_t>(node)].block;
    if (block < 0 || !m_isFolding)
        return;
    OpenBlocks &open = &panel == m_float ? m_openFloat : m_openQuantized;
    const int first = outline.blocks[static_cast<std::size_t>(block)].operators.front().value;
    if (!open.erase(first))
        open.insert(first);
    m_isStale = true;
    draw();
}

// --- drawing

void GraphPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    draw();
}

/// Only when it is seen: who never looks at the graphs need not wait for them.
void GraphPage::draw()
{
    if (m_session.subject() != m_drawn) {
        m_drawn = m_session.subject();
        m_openFloat.clear();
        m_openQuantized.clear();
        m_isStale = true;
    }
    if (!isVisible() || !m_isStale)
        return;
    m_isStale = false;
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
    if (!m_drawn) {
        take(std::make_shared<const GraphPair>());
        return;
    }
    m_job = new GraphJob(m_drawn, m_openFloat, m_openQuantized, m_isFolding, this);
    connect(m_job, &GraphJob::drawn, this, [this](const std::shared_ptr<const GraphPair> &graphs) {
        m_job->deleteLater();
        m_job = nullptr;
        take(graphs);
    });
}

void GraphPage::take(std::shared_ptr<const GraphPair> graphs)
{
    m_graphs = std::move(graphs);
    m_float->setDrawing(m_graphs->floatSide, tr("There is no float model to draw."));
    m_quantized->setDrawing(m_graphs->quantizedSide, tr("There is no quantized model to draw."));
    if (!m_graphs->whyNotPaired.isEmpty())
        emit said(Severity::Warning, tr("The graphs stand apart: %1").arg(m_graphs->whyNotPaired));
    for (const GraphPanel *panel : {m_float, m_quantized})
        panel->view().setZoom(1.0);
    matchRows();
    mark();
    refreshFound();
    followSelection();
}

/// A report that was read has no operator numbers: its n-th row of a name is the n-th such operator.
void GraphPage::matchRows()
{
    const ShownReport &report = m_session.shown();
    m_operatorOfRow.assign(static_cast<std::size_t>(report.rowCount()), -1);
    if (!m_graphs || !m_graphs->quantizedSide)
        return;
    QHash<QString, std::vector<int>> byName;
    const auto &operators = m_graphs->quantizedSide->model->main().operators;
    for (std::size_t op = 0; op < operators.size(); ++op)
        byName[QString::fromStdString(operators[op].name)].push_back(static_cast<int>(op));
    for (int row = 0; row < report.rowCount(); ++row) {
        int &op = m_operatorOfRow[static_cast<std::size_t>(row)];
        const auto named = byName.constFind(report.key(row).operatorName);
        const auto occurrence = static_cast<std::size_t>(report.key(row).occurrence);
        if (const TensorComparison *comparison = report.comparison(row))
            op = comparison->op.value;
        else if (named != byName.cend() && occurrence < named->size())
            op = (*named)[occurrence];
    }
}

int GraphPage::operatorOf(int row) const
{
    return row < 0 || static_cast<std::size_t>(row) >= m_operatorOfRow.size() ? -1 : m_operatorOfRow[static_cast<std::size_t>(row)];
}

/// The worst figure of a node's operators, at its own tensor; the float side shows its counterparts'.
void GraphPage::mark()
{
    if (!m_graphs || !m_graphs->quantizedSide)
        return;
    const ShownReport &report = m_session.shown();
    const int metric = m_metric->currentIndex();
    const ErrorKind kind = report.has(m_session.kind()) ? m_session.kind() : ErrorKind::Local;
    const Metric &what = *metrics()[static_cast<std::size_t>(metric)];
    const auto &outline = m_graphs->quantizedSide->outline;
    std::vector<double> figures(outline.nodes.size(), std::nan(""));
    for (int row = 0; row < report.rowCount(); ++row) {
        const double figure = report.figure(row, metric, kind);
        const int op = std::isnan(figure) ? -1 : operatorOf(row);
        if (op < 0 || static_cast<std::size_t>(op) >= outline.nodeOfOperator.size())
            continue;
        double &known = figures[static_cast<std::size_t>(outline.nodeOfOperator[static_cast<std::size_t>(op)])];
        known = std::isnan(known) ? figure : std::max(known, figure);
    }
    double smallest = INFINITY;
    double largest = 0.0;
    for (const double figure : figures)
        if (figure > 0.0) {
            smallest = std::min(smallest, figure);
            largest = std::max(largest, figure);
        }
    std::vector<NodeMark> marks(figures.size());
    for (std::size_t node = 0; node < figures.size(); ++node) {
        if (std::isnan(figures[node]))
            continue;
        marks[node] = {QStringLiteral("%1 %2").arg(metricName(metric), figureText(figures[node])), verdictOf(what, figures[node]), severityOf(what, figures[node])};
        // Where no ideal is known the tint spans what occurs, on a logarithmic scale.
        if (!what.hasIdeal && figures[node] > 0.0 && largest > smallest)
            marks[node].severity = std::log(figures[node] / smallest) / std::log(largest / smallest);
    }
    if (m_graphs->floatSide) {
        const auto &floatOutline = m_graphs->floatSide->outline;
        std::vector<NodeMark> floatMarks(floatOutline.nodes.size());
        for (std::size_t op = 0; op < m_graphs->floatOperator.size(); ++op)
            if (const int other = m_graphs->floatOperator[op]; other >= 0) {
                NodeMark &known = floatMarks[static_cast<std::size_t>(floatOutline.nodeOfOperator[static_cast<std::size_t>(other)])];
                const NodeMark &mine = marks[static_cast<std::size_t>(outline.nodeOfOperator[op])];
                if (known.text.isEmpty() || mine.severity > known.severity)
                    known = mine;
            }
        m_float->setMarks(std::move(floatMarks), tr("%1 of the quantized counterparts, %2").arg(metricName(metric), kindText(kind)));
    }
    m_quantized->setMarks(std::move(marks), tr("%1, %2").arg(metricName(metric), kindText(kind)));
}

// --- finding and selecting

void GraphPage::refreshFound()
{
    const QString wanted = m_search->text().trimmed();
    for (const GraphPanel *panel : {m_float, m_quantized}) {
        const GraphDrawing *drawing = panel->view().drawing();
        if (!drawing)
            continue;
        std::vector<bool> isFound(drawing->outline.nodes.size());
        for (std::size_t node = 0; node < isFound.size() && !wanted.isEmpty(); ++node)
            isFound[node] = isCalled(*drawing, drawing->outline.nodes[node], wanted);
        panel->view().setFound(std::move(isFound));
    }
}

void GraphPage::find(int direction)
{
    const QString wanted = m_search->text().trimmed();
    const GraphPanel &panel = m_float->view().hasFocus() || !m_quantized->view().drawing() ? *m_float : *m_quantized;
    const GraphDrawing *drawing = panel.view().drawing();
    if (wanted.isEmpty() || !drawing)
        return;
    const int count = static_cast<int>(drawing->outline.nodes.size());
    for (int step = 1; step <= count; ++step) {
        const int node = ((panel.view().selected() + direction * step) % count + count) % count;
        if (isCalled(*drawing, drawing->outline.nodes[static_cast<std::size_t>(node)], wanted)) {
            choose(panel, node);
            return;
        }
    }
    emit said(Severity::Note, tr("Nothing in the graph is called “%1”.").arg(wanted));
}

int GraphPage::quantizedOperatorOf(int floatOperator) const
{
    const auto found = std::find(m_graphs->floatOperator.begin(), m_graphs->floatOperator.end(), floatOperator);
    return found == m_graphs->floatOperator.end() || floatOperator < 0 ? -1 : static_cast<int>(found - m_graphs->floatOperator.begin());
}

void GraphPage::choose(const GraphPanel &panel, int node)
{
    const GraphDrawing &drawing = *panel.view().drawing();
    const Outline::Node &what = drawing.outline.nodes[static_cast<std::size_t>(node)];
    int quantizedOperator = -1;
    int floatOperator = -1;
    if (!what.operators.empty()) {
        // A block's last operator is the one whose output leaves it.
        for (auto each = what.operators.rbegin(); each != what.operators.rend() && quantizedOperator < 0; ++each) {
            quantizedOperator = &panel == m_quantized ? each->value : quantizedOperatorOf(each->value);
            floatOperator = &panel == m_float ? each->value : -1;
        }
        if (&panel == m_quantized && static_cast<std::size_t>(quantizedOperator) < m_graphs->floatOperator.size())
            floatOperator = m_graphs->floatOperator[static_cast<std::size_t>(quantizedOperator)];
    }
    const auto nodeIn = [](const std::shared_ptr<const GraphDrawing> &side, int op) { return side && op >= 0 ? side->outline.nodeOfOperator[static_cast<std::size_t>(op)] : -1; };
    showNodes(&panel == m_quantized ? node : nodeIn(m_graphs->quantizedSide, quantizedOperator), &panel == m_float ? node : nodeIn(m_graphs->floatSide, floatOperator));
    describe(panel, node);
    const ShownReport &report = m_session.shown();
    m_isChoosing = true;
    if (const auto row = std::ranges::find(m_operatorOfRow, quantizedOperator); quantizedOperator >= 0 && row != m_operatorOfRow.end())
        m_selection.select(report.key(static_cast<int>(row - m_operatorOfRow.begin())));
    m_isChoosing = false;
}

void GraphPage::followSelection()
{
    if (m_isChoosing || !m_graphs || !m_graphs->quantizedSide)
        return;
    const int row = m_session.shown().find(m_selection.current());
    const auto op = static_cast<std::size_t>(operatorOf(row));
    if (row < 0 || op >= m_graphs->quantizedSide->outline.nodeOfOperator.size())
        return;
    const int node = m_graphs->quantizedSide->outline.nodeOfOperator[op];
    const int other = op < m_graphs->floatOperator.size() ? m_graphs->floatOperator[op] : -1;
    showNodes(node, other >= 0 ? m_graphs->floatSide->outline.nodeOfOperator[static_cast<std::size_t>(other)] : -1);
    describe(*m_quantized, node);
}

void GraphPage::showNodes(int quantizedNode, int floatNode)
{
    m_quantized->view().select(quantizedNode);
    m_float->view().select(floatNode);
}

void GraphPage::describe(const GraphPanel &panel, int node)
{
    const GraphDrawing &drawing = *panel.view().drawing();
    QList<Fact> facts = factsOf(drawing, node);
    const Outline::Node &what = drawing.outline.nodes[static_cast<std::size_t>(node)];
    if (&panel == m_quantized && !what.operators.empty() && what.operators.back().position() < m_graphs->pairedBy.size()) {
        const int other = m_graphs->floatOperator[what.operators.back().position()];
        facts << Fact{tr("Float counterpart"), other < 0 ? tr("none") : QStringLiteral("%1 %2").arg(other).arg(plainText(m_graphs->floatSide->model->main().op(OperatorIndex(other)).name))};
        facts << Fact{other < 0 ? tr("Why none") : tr("Paired by"), m_graphs->pairedBy[what.operators.back().position()]};
    }
    m_facts->setRowCount(static_cast<int>(facts.size()));
    for (int row = 0; row < m_facts->rowCount(); ++row)
        setRow(*m_facts, row, {{facts[row].first, facts[row].first}, {facts[row].second, facts[row].second}});
    m_facts->resizeColumnToContents(0);
    m_facts->setColumnWidth(0, std::min(m_facts->columnWidth(0), m_facts->width() / 2));
    panel.view().setAccessibleDescription(tr("%1 Selected: %2, %3.").arg(panel.summary(), plainText(what.title), plainText(what.name)));
}

extern const PageSpec graph_page{"graph", Glyph::Model, [] { return GraphPage::tr("Graph"); }, [] { return GraphPage::tr("Both graphs side by side, linked and coloured by a metric"); },
                                 [](const PageContext &context, QWidget *parent) -> Page * { return new GraphPage(context, parent); }};

} // namespace quantloupe::ui
