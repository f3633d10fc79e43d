// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/causes_page.h"

#include "charts/cause_chart.h"
#include "jobs/causes_job.h"
#include "pages/linked_table.h"
#include "report/causes_text.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace quantloupe::ui {

CausesPage::CausesPage(Session &session, Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_start(new QPushButton(icon(Glyph::Run), tr("&Take apart again"), this)),
      m_stop(new QPushButton(icon(Glyph::Stop), tr("S&top"), this)), m_save(new QPushButton(icon(Glyph::Export), tr("Sa&ve table…"), this)), m_samples(new QSpinBox(this)), m_progress(new QProgressBar(this)), m_state(new QLabel(this)),
      m_chart(new CauseChart(m_model, selection, this)), m_table(new LinkedTable(QStringLiteral("causeTable"), tr("Causes of the errors, one operator a row"), m_model, this)),
      m_explanation(new QLabel(this)), m_columns(new QSplitter(Qt::Horizontal, this)), m_rows(new QSplitter(Qt::Vertical, this))
{
    setObjectName(QStringLiteral("causesPage"));
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(8, 6, 8, 4);
    addControls(*bar);
    m_explanation->setObjectName(QStringLiteral("causeExplanation"));
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setWordWrap(true);
    m_explanation->setMargin(8);
    m_explanation->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto *scroll = new QScrollArea(this);
    scroll->setAccessibleName(tr("The selected operator in words"));
    scroll->setWidget(m_explanation);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    m_columns->setObjectName(QStringLiteral("causesColumns"));
    m_rows->setObjectName(QStringLiteral("causesRows"));
    for (QSplitter *splitter : {m_columns, m_rows})
        splitter->setChildrenCollapsible(false);
    m_rows->addWidget(m_table);
    m_rows->addWidget(scroll);
    m_columns->addWidget(m_chart);
    m_columns->addWidget(m_rows);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(bar);
    layout->addWidget(m_columns, 1);
    connectParts();
    resetLayout();
    refresh();
}

void CausesPage::addControls(QHBoxLayout &bar)
{
    m_start->setObjectName(QStringLiteral("causesStart"));
    m_start->setToolTip(tr("Run every operator again, with one thing at a time in float"));
    m_stop->setObjectName(QStringLiteral("causesStop"));
    m_stop->setToolTip(tr("Stop; what was found so far stays"));
    m_save->setObjectName(QStringLiteral("causesSave"));
    m_save->setToolTip(tr("Write all shares as CSV, as report --causes-csv does"));
    m_samples->setObjectName(QStringLiteral("causesSamples"));
    m_samples->setAccessibleName(tr("Samples to take apart"));
    m_samples->setToolTip(tr("Every operator runs several times on each: more samples take longer and change little"));
    m_samples->setRange(1, 100000);
    m_samples->setValue(static_cast<int>(CauseOptions().samples));
    m_samples->setPrefix(tr("samples: "));
    m_progress->setObjectName(QStringLiteral("causesProgress"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setMaximumWidth(160);
    m_state->setObjectName(QStringLiteral("causesState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    bar.setSpacing(8);
    bar.addWidget(m_start);
    bar.addWidget(m_stop);
    bar.addWidget(m_save);
    bar.addWidget(m_samples);
    bar.addWidget(m_progress);
    bar.addWidget(m_state, 1);
}

void CausesPage::connectParts()
{
    connect(m_start, &QPushButton::clicked, this, &CausesPage::start);
    connect(m_stop, &QPushButton::clicked, this, &CausesPage::cancel);
    connect(m_save, &QPushButton::clicked, this, &CausesPage::saveTable);
    connect(&m_session, &Session::shownChanged, this, &CausesPage::refresh);
    connect(&m_session, &Session::subjectChanged, this, &CausesPage::refresh);
    connect(&m_selection, &Selection::changed, this, &CausesPage::showSelected);
    connect(m_table, &LinkedTable::rowChosen, this, [this](int row) {
        if (m_model.key(row).isValid())
            m_selection.select(m_model.key(row));
    });
    connect(m_table, &LinkedTable::rowOpened, this, &CausesPage::openTensor);
    connect(&m_chart->bars(), &CauseBars::opened, this, &CausesPage::openTensor);
}

QList<ChartPanel *> CausesPage::charts() const
{
    return {m_chart};
}

QList<QWidget *> CausesPage::panes() const
{
    return {m_start, m_chart, m_table};
}

void CausesPage::openTensor(int row)
{
    if (!m_model.key(row).isValid())
        return;
    m_selection.select(m_model.key(row));
    emit pageRequested(QStringLiteral("tensor"));
}

void CausesPage::saveTable()
{
    if (!m_session.causes())
        return;
    const auto names = [this](const OperatorCauses &op) {
        const auto row = std::find_if(m_report->rows.begin(), m_report->rows.end(), [&](const TensorComparison &each) { return each.tensor == op.tensor; });
        return row == m_report->rows.end() ? std::pair<std::string, std::string>() : std::pair(row->opName, row->tensorName);
    };
    emit textToSave(tr("Save table of causes"), QStringLiteral("causes.csv"), QByteArray::fromStdString(causesCsv(*m_session.causes(), names)));
}

void CausesPage::drop()
{
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
}

void CausesPage::refresh()
{
    const auto &report = m_session.measured();
    if (report != m_report) { // another run: what was taken apart belongs to the one before
        drop();
        m_report = report;
        m_one.reset();
        m_isTried = report && report->causes;
        take(report ? report->causes : nullptr, false);
        say({});
    }
    refreshControls();
    startWhenSeen();
}

void CausesPage::refreshControls()
{
    const bool canStart = m_report && !m_report->isPartial && m_session.runSettings() && m_session.runSettings()->data;
    // A button that greys hands the focus to whatever comes next.
    if ((m_start->hasFocus() && (!canStart || m_job)) || (m_stop->hasFocus() && !m_job))
        m_table->setFocus(Qt::OtherFocusReason);
    m_start->setEnabled(canStart && !m_job);
    m_start->setText(m_model.rowCount() > 0 ? tr("&Take apart again") : tr("&Take apart"));
    m_save->setEnabled(m_session.causes() != nullptr);
    m_samples->setEnabled(canStart && !m_job);
    m_stop->setEnabled(m_job && !m_job->isCancelled());
    m_progress->setVisible(m_job != nullptr);
    if (m_model.rowCount() > 0 || m_job || !m_state->text().isEmpty())
        return;
    m_chart->setSentenceInstead(canStart ? tr("Not taken apart yet.") : tr("Run first: errors are taken apart on the samples and with the settings of a run."));
}

void CausesPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    startWhenSeen();
}

/// Every operator runs several times: who never looks need not wait for it.
void CausesPage::startWhenSeen()
{
    if (isVisible() && m_start->isEnabled() && !m_isTried)
        start();
}

OperatorIndex CausesPage::selectedOperator() const
{
    const ShownReport shown(m_report);
    const TensorComparison *row = shown.comparison(shown.find(m_selection.current()));
    return row ? row->op : OperatorIndex();
}

void CausesPage::start()
{
    if (m_job || !m_report || !m_session.runSettings() || !m_session.runSettings()->data)
        return;
    m_isTried = true;
    m_one.reset();
    analyse(selectedOperator());
}

void CausesPage::analyse(OperatorIndex only)
{
    const RunSettings &run = *m_session.runSettings();
    CauseOptions options;
    options.state = run.options.state;
    options.kernels = run.options.kernels;
    options.samples = static_cast<std::size_t>(m_samples->value());
    if (only.isValid())
        options.only = only;
    const bool isOfOne = only.isValid();
    m_job = new CausesJob(m_session.subject(), run.data, options, this);
    connect(m_job, &CausesJob::progressed, this, [this](std::size_t done, std::size_t total) {
        m_progress->setMaximum(static_cast<int>(total));
        m_progress->setValue(static_cast<int>(done));
    });
    connect(m_job, &CausesJob::partialReady, this, [this, isOfOne](const auto &analysis) { take(analysis, isOfOne); });
    connect(m_job, &CausesJob::finished, this, [this, isOfOne](const auto &analysis) {
        take(analysis, isOfOne);
        if (!isOfOne)
            m_session.setCauses(analysis);
    });
    connect(m_job, &CausesJob::failed, this, [this, isOfOne](const QString &message) {
        if (!isOfOne) // the others may well be analysed
            say(message);
    });
    connect(m_job, &CausesJob::ended, this, [this, isOfOne] { endJob(isOfOne); });
    m_progress->setRange(0, 0);
    say(isOfOne ? tr("Taking the selected operator apart…") : tr("Taking all operators apart…"));
    refreshControls();
}

void CausesPage::endJob(bool wasOfOne)
{
    const bool isStopped = m_job->isCancelled();
    drop();
    if (wasOfOne && !isStopped) {
        analyse({});
        return;
    }
    if (isStopped)
        say(m_model.rowCount() > 0 ? tr("Stopped: the shares rest on %1 samples.").arg(countText(static_cast<double>(m_model.analysis()->samples))) : tr("Stopped before the first sample was through."));
    else if (m_session.causes())
        say(tr("%1 samples, %2 of them followed to the model’s outputs · %3 kernels · state %4")
                .arg(countText(static_cast<double>(m_session.causes()->samples)), countText(static_cast<double>(m_session.causes()->samplesFollowed)),
                     plainText(name(m_session.causes()->kernels)), plainText(m_session.causes()->state)));
    refreshControls();
}

/// What is known of one operator stays until all are known as well.
void CausesPage::take(std::shared_ptr<const CauseAnalysis> analysis, bool isOfOne)
{
    if (isOfOne) {
        m_one = analysis;
        if (m_model.rowCount() > 1)
            return; // the figures of the time before are shown until there are new ones of all
    } else if (m_one && analysis && analysis->samplesFollowed == 0 && analysis->samples <= m_one->samples) {
        auto merged = std::make_shared<CauseAnalysis>(*analysis);
        for (OperatorCauses &op : merged->operators)
            for (const OperatorCauses &known : m_one->operators)
                if (op.tensor == known.tensor)
                    op = known;
        analysis = std::move(merged);
    }
    m_model.set(std::move(analysis), ShownReport(m_report));
    showSelected();
}

void CausesPage::cancel()
{
    if (!m_job)
        return;
    m_job->cancel();
    m_stop->setEnabled(false);
    m_state->setText(tr("Stopping…"));
}

void CausesPage::say(const QString &sentence)
{
    m_state->setText(sentence);
    m_chart->setSentenceInstead(sentence);
}

void CausesPage::showSelected()
{
    const int row = m_model.find(m_selection.current());
    m_table->choose(row);
    m_explanation->setText(row >= 0 ? m_model.sentence(row) : m_model.rowCount() > 0 ? tr("Select an operator to read about its error.") : QString());
}

QList<QSplitter *> CausesPage::splitters() const
{
    return {m_columns, m_rows};
}

void CausesPage::resetLayout()
{
    m_columns->setSizes({620, 520});
    m_rows->setSizes({420, 170});
}

extern const PageSpec causes_page{"causes", Glyph::Stack, [] { return CausesPage::tr("Causes"); },
                                  [] { return CausesPage::tr("Where the error of each operator comes from, and what of it matters at the model’s outputs"); },
                                  [](const PageContext &context, QWidget *parent) -> Page * { return new CausesPage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
