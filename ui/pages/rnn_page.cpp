// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/rnn_page.h"

#include "jobs/state_job.h"
#include "style/elided_label.h"
#include "text/plain_text.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace quantloupe::ui {
namespace {

QString placeOf(const Report &report, const RnnTrace &trace)
{
    for (std::size_t row = 0; row < report.rows.size(); ++row)
        if (report.rows[row].op == trace.op)
            return QStringLiteral("#%1 %2").arg(row + 1).arg(plainText(trace.opName));
    return plainText(trace.opName);
}

const RnnTrace *traceOf(const std::shared_ptr<const Report> &report, OperatorIndex op)
{
    if (!report)
        return nullptr;
    const auto found = std::ranges::find(report->rnn, op, &RnnTrace::op);
    return found == report->rnn.end() ? nullptr : &*found;
}

} // namespace

RnnPage::RnnPage(Session &session, Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_operators(new QComboBox(this)), m_quantity(new QComboBox(this)), m_note(new ElidedLabel(this)),
      m_groups(new QTabWidget(this)), m_stepError(new StepErrorChart(this)), m_unitError(new UnitErrorChart(this))
{
    setObjectName(QStringLiteral("rnnPage"));
    m_groups->setObjectName(QStringLiteral("rnnGroups"));
    m_groups->setAccessibleName(tr("What of the operator is shown"));
    m_groups->setDocumentMode(true);
    m_groups->tabBar()->setObjectName(QStringLiteral("rnnGroupTabs"));
    m_groups->tabBar()->setAccessibleName(tr("What of the operator is shown"));
    for (const auto &[name, title, group] : {std::tuple("state", tr("Error and &state"), stateGroup()), std::tuple("gates", tr("&Gates"), gatesGroup())}) {
        group->setObjectName(QString::fromLatin1(name));
        m_groups->addTab(group, title);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(controls());
    layout->addWidget(m_groups, 1);
    connect(&session, &Session::shownChanged, this, &RnnPage::refresh);
    connect(&selection, &Selection::changed, this, &RnnPage::followSelection);
    connect(m_operators, &QComboBox::currentIndexChanged, this, &RnnPage::draw);
    connect(m_operators, &QComboBox::activated, this, [this] {
        const auto &report = m_session.shown().report();
        for (int row = 0; row < m_session.shown().rowCount(); ++row)
            if (report->rows[static_cast<std::size_t>(row)].op == report->rnn[static_cast<std::size_t>(shownTrace())].op)
                m_selection.select(m_session.shown().key(row));
    });
    connect(m_quantity, &QComboBox::currentIndexChanged, this, [this] { m_unitError->setQuantity(m_quantity->currentData().toString()); });
    refresh();
}

QWidget *RnnPage::controls()
{
    auto *bar = new QWidget(this);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 6, 8, 2);
    m_operators->setObjectName(QStringLiteral("rnnOperator"));
    m_operators->setAccessibleName(tr("Recurrent operator"));
    m_operators->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_quantity->setObjectName(QStringLiteral("rnnQuantity"));
    m_quantity->setAccessibleName(tr("Quantity of the chart by unit"));
    m_quantity->setToolTip(tr("What the chart by time step and unit shows"));
    m_quantity->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_note->setObjectName(QStringLiteral("rnnNote"));
    m_note->setForegroundRole(QPalette::PlaceholderText);
    auto *operatorLabel = new QLabel(tr("&Operator:"), bar);
    operatorLabel->setBuddy(m_operators);
    auto *quantityLabel = new QLabel(tr("By &unit:"), bar);
    quantityLabel->setBuddy(m_quantity);
    row->addWidget(operatorLabel);
    row->addWidget(m_operators);
    row->addSpacing(10);
    row->addWidget(quantityLabel);
    row->addWidget(m_quantity);
    row->addSpacing(10);
    row->addWidget(m_note, 1);
    return bar;
}

QWidget *RnnPage::stateGroup()
{
    auto *cell = new QuantityChart(QStringLiteral("rnnCell"), tr("Cell state"), {QStringLiteral("cell"), QStringLiteral("svdf_state")}, this);
    auto *hidden = new QuantityChart(QStringLiteral("rnnHidden"), tr("Hidden state"), {QStringLiteral("hidden")}, this);
    m_charts << m_stepError << cell << m_unitError << hidden;
    auto *widget = new QWidget;
    auto *grid = new QGridLayout(widget);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    grid->addWidget(m_stepError, 0, 0);
    grid->addWidget(cell, 0, 1);
    grid->addWidget(m_unitError, 1, 0);
    grid->addWidget(hidden, 1, 1);
    for (const int i : {0, 1}) {
        grid->setRowStretch(i, 1);
        grid->setColumnStretch(i, 1);
    }
    return widget;
}

QWidget *RnnPage::gatesGroup()
{
    auto *widget = new QWidget;
    auto *grid = new QGridLayout(widget);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    // An LSTM's gates, and those of a GRU in the same places.
    const QList<QStringList> gates{{QStringLiteral("input_gate"), QStringLiteral("update_gate")},
                                   {QStringLiteral("forget_gate"), QStringLiteral("reset_gate")},
                                   {QStringLiteral("cell_gate"), QStringLiteral("candidate_gate")},
                                   {QStringLiteral("output_gate")}};
    for (int column = 0; column < static_cast<int>(gates.size()); ++column) {
        QStringList sums;
        for (const QString &gate : gates[column])
            sums << gate + QStringLiteral("_sum");
        const QString name = QStringLiteral("rnn-") + gates[column].front();
        auto *before = new QuantityChart(name + QStringLiteral("-sum"), tr("Gate before activation"), sums, this);
        auto *after = new QuantityChart(name, tr("Gate after activation"), gates[column], this);
        m_charts << before << after;
        grid->addWidget(before, 0, column);
        grid->addWidget(after, 1, column);
        grid->setColumnStretch(column, 1);
    }
    grid->setRowStretch(0, 1);
    grid->setRowStretch(1, 1);
    return widget;
}

QList<ChartPanel *> RnnPage::charts() const
{
    return {m_charts.begin(), m_charts.end()};
}

QList<QWidget *> RnnPage::panes() const
{
    return QList<QWidget *>{m_operators, m_quantity, m_groups->tabBar()} + Page::panes();
}

void RnnPage::showGroup(const QString &name)
{
    for (int i = 0; i < m_groups->count(); ++i)
        if (m_groups->widget(i)->objectName() == name)
            m_groups->setCurrentIndex(i);
}

int RnnPage::shownTrace() const
{
    const auto &report = m_session.shown().report();
    const int chosen = m_operators->currentIndex();
    return report && chosen >= 0 && chosen < static_cast<int>(report->rnn.size()) ? chosen : -1;
}

void RnnPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void RnnPage::drop()
{
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
}

void RnnPage::refresh()
{
    const auto &report = m_session.shown().report();
    if (report != m_report) {
        drop();
        m_other.reset();
        m_failure.clear();
        m_report = report;
    }
    refreshOperators();
    if (isVisible())
        measureOther();
    draw();
}

void RnnPage::refreshOperators()
{
    const auto &report = m_session.shown().report();
    QStringList names;
    if (report)
        for (const RnnTrace &trace : report->rnn)
            names << placeOf(*report, trace);
    QStringList shown;
    for (int i = 0; i < m_operators->count(); ++i)
        shown << m_operators->itemText(i);
    if (names == shown)
        return;
    const QSignalBlocker blocker(m_operators);
    m_operators->clear();
    m_operators->addItems(names);
    m_operators->setEnabled(names.size() > 1);
    followSelection();
}

/// A recurrent operator that is selected elsewhere is shown here; any other selection leaves what is shown.
void RnnPage::followSelection()
{
    const ShownReport &shown = m_session.shown();
    const TensorComparison *row = shown.comparison(shown.find(m_selection.current()));
    if (!row)
        return;
    const auto &traces = shown.report()->rnn;
    const auto found = std::ranges::find(traces, row->op, &RnnTrace::op);
    if (found != traces.end())
        m_operators->setCurrentIndex(static_cast<int>(found - traces.begin()));
}

/// The leak of state from sample to sample is the difference of two runs: the one at hand, and the same with the other
/// policy, which is made while the page is seen.
void RnnPage::measureOther()
{
    const auto &run = m_session.runSettings();
    if (m_job || m_other || !m_failure.isEmpty() || !m_report || m_report->isPartial || m_report->rnn.empty() || !run || !run->data)
        return;
    m_job = new StateJob(m_session.subject(), run->data, run->options, m_report->samples, this);
    connect(m_job, &StateJob::finished, this, [this](std::shared_ptr<const Report> report) { m_other = std::move(report); });
    connect(m_job, &StateJob::failed, this, [this](const QString &message) { m_failure = message; });
    connect(m_job, &StateJob::ended, this, [this] {
        drop();
        draw();
    });
}

QString RnnPage::whyNothing() const
{
    const ShownReport &shown = m_session.shown();
    if (shown.isEmpty() || !shown.isMeasured())
        return tr("Run to look inside recurrent operators.");
    return tr("The model has no recurrent operator that can be looked into.");
}

void RnnPage::draw()
{
    const auto &report = m_session.shown().report();
    RnnView view;
    view.why = whyNothing();
    view.kind = m_session.kind();
    if (const int chosen = shownTrace(); chosen >= 0) {
        view.report = report;
        view.trace = &report->rnn[static_cast<std::size_t>(chosen)];
        view.otherReport = m_other;
        view.other = traceOf(m_other, view.trace->op);
        view.place = placeOf(*report, *view.trace);
    }
    {
        const QSignalBlocker blocker(m_quantity);
        const QVariant current = m_quantity->currentData();
        m_quantity->clear();
        for (const auto &[name, text] : {std::pair("hidden", tr("hidden state")), std::pair("cell", tr("cell state")), std::pair("svdf_state", tr("memory"))})
            if (view.trace && view.trace->find(name))
                m_quantity->addItem(text, QString::fromLatin1(name));
        m_quantity->setCurrentIndex(std::max(0, m_quantity->findData(current)));
        m_quantity->setEnabled(m_quantity->count() > 1);
    }
    if (m_quantity->count() > 0)
        m_unitError->setQuantity(m_quantity->currentData().toString());
    m_note->setText(!m_failure.isEmpty()        ? m_failure
                        : m_job                 ? tr("Measuring with the other state policy, to show what leaks from sample to sample…")
                        : view.other            ? tr("Solid lines: this run. Dashed lines of the first chart: the same run with state %1.").arg(plainText(name(m_other->state)))
                                                : QString());
    for (RnnChart *chart : std::as_const(m_charts))
        chart->setView(view);
}

extern const PageSpec rnn_page{"rnn", Glyph::Steps, [] { return RnnPage::tr("Recurrent"); },
                               [] { return RnnPage::tr("Recurrent operators by time step: error, cell and hidden state, gates"); },
                               [](const PageContext &context, QWidget *parent) -> Page * { return new RnnPage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
