// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/tensor_page.h"

#include "charts/plot_view.h"
#include "charts/tensor_chart.h"
#include "jobs/study_job.h"
#include "models/column_text.h"
#include "models/table_columns.h"
#include "style/figure_table.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>

namespace quantloupe::ui {
namespace {

struct Fact {
    QString name;
    QString value;
    QString explanation;
};

QList<Fact> factsOf(const ShownReport &report, ShownKinds kinds, int row)
{
    QList<Fact> facts;
    for (const ColumnSpec &spec : columnsOf(report, kinds)) {
        const QString value = cellText(report, row, spec);
        if (!value.isEmpty())
            facts << Fact{columnTitle(spec, report).replace(QLatin1Char('\n'), spec.metric >= 0 ? QLatin1String(", ") : QLatin1String(" ")), value, columnExplanation(spec, report)};
    }
    return facts;
}

QList<Fact> factsOf(const UsedCodes &codes)
{
    const auto percent = [](double share) { return TensorPage::tr("%1 %").arg(figureText(share * 100.0)); };
    return {{TensorPage::tr("Codes used"), TensorPage::tr("%1 of %2").arg(countText(static_cast<double>(codes.used)), countText(static_cast<double>(codes.maxCode - codes.minCode + 1))),
             TensorPage::tr("Different codes that occurred in all samples.")},
            {TensorPage::tr("Lowest and highest code"), TensorPage::tr("%1 and %2").arg(codes.lowest).arg(codes.highest), TensorPage::tr("Of the codes that occurred.")},
            {TensorPage::tr("Unused below"), percent(codes.unusedBelow()), TensorPage::tr("Share of the range below the lowest code: range that was paid for with resolution and not used.")},
            {TensorPage::tr("Unused above"), percent(codes.unusedAbove()), TensorPage::tr("Share of the range above the highest code.")}};
}

QWidget *gridOf(const QList<QList<QWidget *>> &rows)
{
    auto *widget = new QWidget;
    auto *layout = new QGridLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
        layout->setRowStretch(row, 1);
        for (int column = 0; column < static_cast<int>(rows[row].size()); ++column) {
            layout->addWidget(rows[row][column], row, column);
            layout->setColumnStretch(column, 1);
        }
    }
    return widget;
}

} // namespace

TensorPage::TensorPage(Session &session, Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_columns(new QSplitter(Qt::Horizontal, this)), m_facts(new QTableWidget(this)), m_groups(new QTabWidget(this))
{
    setObjectName(QStringLiteral("tensorPage"));
    addFacts();
    m_groups->setObjectName(QStringLiteral("tensorGroups"));
    m_groups->setAccessibleName(tr("What of the tensor is shown"));
    m_groups->setDocumentMode(true);
    m_groups->tabBar()->setObjectName(QStringLiteral("tensorGroupTabs"));
    m_groups->tabBar()->setAccessibleName(tr("What of the tensor is shown"));
    addGroup("values", tr("&Values and codes"), valuesGroup());
    addGroup("channels", tr("By cha&nnel"), channelsGroup());
    addGroup("samples", tr("By &sample"), samplesGroup());
    addGroup("weights", tr("&Weights"), weightsGroup());
    m_columns->setObjectName(QStringLiteral("tensorColumns"));
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_facts);
    m_columns->addWidget(m_groups);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_columns);
    resetLayout();
    connect(&session, &Session::shownChanged, this, &TensorPage::refresh);
    connect(&selection, &Selection::changed, this, &TensorPage::refresh);
    refresh();
}

void TensorPage::addFacts()
{
    m_facts->setObjectName(QStringLiteral("tensorFacts"));
    m_facts->setAccessibleName(tr("Facts about the selected tensor"));
    styleFigureTable(*m_facts, {tr("Figure"), tr("Value")});
}

void TensorPage::addGroup(const char *name, const QString &title, QWidget *group)
{
    group->setObjectName(QString::fromLatin1(name));
    m_groups->addTab(group, title);
}

QWidget *TensorPage::valuesGroup()
{
    auto *density = new DensityChart(this);
    const QList<ChartPanel *> charts{new ValueHistogram(QStringLiteral("tensorValues"), m_session, m_selection, this), new CodeChart(m_session, m_selection, this),
                                     new ErrorHistogram(QStringLiteral("tensorErrors"), m_session, m_selection, this), density};
    m_charts << charts;
    m_studyCharts << density;
    return gridOf({{charts[0], charts[1]}, {charts[2], charts[3]}});
}

QWidget *TensorPage::channelsGroup()
{
    auto *errors = new ChannelChart(this);
    auto *ranges = new ChannelRangeChart(this);
    m_charts << errors << ranges;
    m_studyCharts << errors << ranges;
    return gridOf({{errors}, {ranges}});
}

QWidget *TensorPage::samplesGroup()
{
    m_samples = new SampleChart(QStringLiteral("tensorSamples"), m_session, m_selection, this);
    m_charts << m_samples;
    m_worstSamples = new QTableWidget(this);
    m_worstSamples->setObjectName(QStringLiteral("worstSamples"));
    m_worstSamples->setAccessibleName(tr("Samples with the largest error"));
    m_worstSamples->setAccessibleDescription(tr("Enter opens the sample"));
    styleFigureTable(*m_worstSamples, {tr("Sample"), tr("RMSE"), tr("Label")});
    m_worstSamples->setMaximumWidth(320);
    connect(&m_samples->plot(), &PlotView::clicked, this, [this](const QPointF &value) { openSample(static_cast<std::size_t>(std::max(0.0, std::round(value.x())))); });
    const auto open = [this](int row) {
        if (const QTableWidgetItem *item = m_worstSamples->item(row, 0))
            openSample(item->data(Qt::UserRole).toULongLong());
    };
    connect(m_worstSamples, &QTableWidget::cellClicked, this, open);
    connect(m_worstSamples, &QTableWidget::cellActivated, this, open);
    auto *widget = new QWidget;
    auto *layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_samples, 3);
    layout->addWidget(m_worstSamples, 1);
    return widget;
}

QWidget *TensorPage::weightsGroup()
{
    m_weight = new QComboBox(this);
    m_weight->setObjectName(QStringLiteral("weightChoice"));
    m_weight->setAccessibleName(tr("Weight that is shown"));
    m_weight->setToolTip(tr("Which of the operator’s quantized constants is shown"));
    connect(m_weight, &QComboBox::currentIndexChanged, this, [this] { showStudy(m_study, {}); });
    auto *histogram = new WeightHistogram(this);
    auto *scales = new WeightScaleChart(this);
    auto *errors = new WeightErrorChart(this);
    m_charts << histogram << scales << errors;
    m_studyCharts << histogram << scales << errors;
    auto *widget = new QWidget;
    auto *layout = new QVBoxLayout(widget);
    auto *choice = new QHBoxLayout;
    auto *label = new QLabel(tr("&Constant:"), widget);
    label->setBuddy(m_weight);
    choice->setContentsMargins(8, 4, 8, 0);
    choice->addWidget(label);
    choice->addWidget(m_weight, 1);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(choice);
    layout->addWidget(histogram, 1);
    layout->addWidget(gridOf({{scales, errors}}), 1);
    return widget;
}

void TensorPage::showGroup(const QString &name)
{
    for (int i = 0; i < m_groups->count(); ++i)
        if (m_groups->widget(i)->objectName() == name)
            m_groups->setCurrentIndex(i);
}

QList<QWidget *> TensorPage::panes() const
{
    return QList<QWidget *>{m_facts, m_groups->tabBar()} + Page::panes() + QList<QWidget *>{m_worstSamples, m_weight};
}

QList<QSplitter *> TensorPage::splitters() const
{
    return {m_columns};
}

void TensorPage::resetLayout()
{
    m_columns->setSizes({380, 740});
    m_columns->setStretchFactor(1, 1);
}

void TensorPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    refresh();
}

void TensorPage::openSample(std::size_t sample)
{
    m_selection.selectSample(sample);
    emit pageRequested(QStringLiteral("sample"));
}

void TensorPage::drop()
{
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
}

void TensorPage::refresh()
{
    if (!isVisible())
        return; // showEvent() does it
    const int row = m_session.shown().find(m_selection.current());
    refreshStudy(row);
    refreshFacts(row);
    refreshWorstSamples(row);
}

void TensorPage::refreshFacts(int row)
{
    const ShownReport &report = m_session.shown();
    QList<Fact> facts = row < 0 ? QList<Fact>{} : factsOf(report, m_session.kinds(), row);
    if (m_study && row >= 0)
        facts << factsOf(m_study->codes);
    m_facts->setRowCount(static_cast<int>(facts.size()));
    for (int i = 0; i < m_facts->rowCount(); ++i)
        setRow(*m_facts, i, {{facts[i].name, facts[i].explanation}, {facts[i].value, facts[i].value}});
    if (m_factsSized != facts.size()) {
        m_facts->resizeColumnToContents(0);
        m_factsSized = facts.size();
    }
}

void TensorPage::refreshWorstSamples(int row)
{
    const TensorComparison *comparison = m_session.shown().comparison(row);
    const auto *statistics = comparison && comparison->statistics(m_session.kind()) ? &*comparison->statistics(m_session.kind()) : nullptr;
    const auto &run = m_session.runSettings();
    const auto labels = run && run->data ? run->data->labels() : std::span<const std::int64_t>();
    m_worstSamples->setRowCount(statistics ? static_cast<int>(statistics->worstSamples.size()) : 0);
    for (int i = 0; i < m_worstSamples->rowCount(); ++i) {
        const RankedSample &ranked = statistics->worstSamples[static_cast<std::size_t>(i)];
        const QString hint = tr("Click to look at sample %1: its input, and its error through all operators").arg(ranked.sample);
        setRow(*m_worstSamples, i, {{QString::number(ranked.sample), hint}, {figureText(ranked.rmse), hint}, {ranked.sample < labels.size() ? QString::number(labels[ranked.sample]) : QString(), hint}});
        m_worstSamples->item(i, 0)->setData(Qt::UserRole, static_cast<qulonglong>(ranked.sample));
    }
}

void TensorPage::refreshStudy(int row)
{
    const auto &report = m_session.shown().report();
    const auto &run = m_session.runSettings();
    if (row < 0 || !report || report->isPartial || !run || !run->data) {
        drop();
        m_report.reset();
        showStudy(nullptr, m_session.shown().isEmpty()              ? tr("Nothing to draw yet.")
                      : row < 0                                     ? tr("Select a row of the table or a bar of the chart.")
                      : !report                                     ? tr("This report was read from a file and holds no distributions. Run to measure them here.")
                      : report->isPartial                           ? tr("The tensor is looked at element by element when the run has ended.")
                                                                    : tr("This report’s dataset is not at hand: run to look at the tensor element by element."));
        return;
    }
    const auto asked = static_cast<std::size_t>(row);
    if (m_report == report && m_asked == asked) {
        if (!m_job)
            showStudy(m_study, m_study ? QString() : tr("This tensor could not be looked at."));
        return;
    }
    drop();
    m_report = report;
    m_asked = asked;
    m_job = new StudyJob(m_session.subject(), run->data, run->options, asked, this);
    connect(m_job, &StudyJob::finished, this, [this, row](std::shared_ptr<const TensorStudy> study) {
        showStudy(study, {});
        refreshFacts(row);
    });
    connect(m_job, &StudyJob::failed, this, [this](const QString &message) { showStudy(nullptr, message); });
    connect(m_job, &StudyJob::ended, this, &TensorPage::drop);
    showStudy(nullptr, tr("Looking at every element…"));
}

void TensorPage::refreshWeights()
{
    const QSignalBlocker blocker(m_weight);
    const int current = m_weight->currentIndex();
    m_weight->clear();
    if (m_study)
        for (const WeightStudy &weight : m_study->weights)
            m_weight->addItem(tr("input %1: %2 %3, %4").arg(weight.input).arg(QString::fromUtf8(name(weight.type).data(), static_cast<qsizetype>(name(weight.type).size())), QString::fromStdString(weight.shape.text()), plainText(weight.name)));
    m_weight->setEnabled(m_weight->count() > 1);
    m_weight->setCurrentIndex(std::clamp(current, 0, std::max(0, m_weight->count() - 1)));
}

void TensorPage::showStudy(const std::shared_ptr<const TensorStudy> &study, const QString &why)
{
    if (m_study != study) {
        m_study = study;
        refreshWeights();
    }
    StudyView view{.study = study, .why = why, .kind = m_session.kind(), .weight = static_cast<std::size_t>(std::max(0, m_weight->currentIndex()))};
    const int row = m_session.shown().find(m_selection.current());
    if (const TensorComparison *comparison = m_session.shown().comparison(row); comparison && study) {
        view.place = QStringLiteral("#%1 %2").arg(row + 1).arg(m_session.shown().operatorName(row));
        view.scale = static_cast<double>(comparison->scale);
        view.rangeLower = view.scale * static_cast<double>(study->codes.minCode - comparison->zeroPoint);
        view.rangeUpper = view.scale * static_cast<double>(study->codes.maxCode - comparison->zeroPoint);
    }
    for (StudyChart *chart : std::as_const(m_studyCharts))
        chart->setView(view);
}

extern const PageSpec tensor_page{"tensor", Glyph::Histogram, [] { return TensorPage::tr("Tensor"); },
                                  [] { return TensorPage::tr("The selected tensor: values and codes, error by channel and sample, weights"); },
                                  [](const PageContext &context, QWidget *parent) -> Page * { return new TensorPage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
