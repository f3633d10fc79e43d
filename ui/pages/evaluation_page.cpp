// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluation_page.h"

#include "jobs/evaluation_job.h"
#include "report/evaluation.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

#include <algorithm>
#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr int kNarrowestColumn = 26;

QTableWidget *table(const char *name, const QString &accessibleName, QWidget *parent)
{
    auto *made = new QTableWidget(parent);
    made->setObjectName(QLatin1String(name));
    made->setAccessibleName(accessibleName);
    made->setEditTriggers(QAbstractItemView::NoEditTriggers);
    made->setTabKeyNavigation(false);
    made->setFrameShape(QFrame::NoFrame);
    made->verticalHeader()->setDefaultSectionSize(made->fontMetrics().height() + 8);
    made->horizontalHeader()->setHighlightSections(false);
    return made;
}

QTableWidgetItem *cell(const QString &text, const QString &toolTip = {})
{
    auto *item = new QTableWidgetItem(text);
    item->setToolTip(plainToolTip(toolTip.isEmpty() ? text : toolTip));
    return item;
}

QString percent(double share)
{
    return std::isnan(share) ? figureText(share) : EvaluationPage::tr("%1 %").arg(100.0 * share, 0, 'f', 2);
}

struct Figure {
    QString name;
    QString explanation;
    double floats;
    double quantized;
    bool isShare;
};

QList<Figure> figuresOf(const Evaluation &evaluation)
{
    QList<Figure> figures;
    const ModelEvaluation &f = evaluation.floatModel;
    const ModelEvaluation &q = evaluation.quantizedModel;
    const auto tr = [](const char *text) { return EvaluationPage::tr(text); };
    if (f.classification && q.classification)
        figures << Figure{tr("Accuracy"), tr("Share of samples answered as labelled"), f.classification->accuracy, q.classification->accuracy, true}
                << Figure{tr("F1"), tr("Harmonic mean of precision and recall, averaged over the classes"), f.classification->macroF1, q.classification->macroF1, false}
                << Figure{tr("ROC AUC"), tr("Area under the ROC curve of each class against the others, averaged"), f.classification->macroRocArea, q.classification->macroRocArea, false};
    if (f.detection && q.detection)
        figures << Figure{tr("False accepts per hour"), tr("Keywords detected where none was spoken. It rests on %1 hours only.").arg(q.detection->hours, 0, 'g', 3), f.detection->falseAcceptsPerHour,
                          q.detection->falseAcceptsPerHour, false}
                << Figure{tr("Keywords missed"), tr("Share of spoken keywords that were not detected"), f.detection->falseRejectRate, q.detection->falseRejectRate, true};
    if (f.anomaly && q.anomaly)
        figures << Figure{tr("ROC AUC"), tr("How well the reconstruction error tells abnormal samples"), f.anomaly->roc.area, q.anomaly->roc.area, false}
                << Figure{tr("Best accuracy"), tr("At the threshold that is best for it"), f.anomaly->bestAccuracy, q.anomaly->bestAccuracy, true};
    if (f.classification && q.classification)
        for (std::size_t c = 0; c < evaluation.classes.size(); ++c)
            if (f.classification->classes[c].support > 0)
                figures << Figure{plainText(evaluation.classes[c]), tr("Share of the samples of this class that are found: %1 samples").arg(f.classification->classes[c].support),
                                  f.classification->classes[c].recall, q.classification->classes[c].recall, true};
    return figures;
}

/// What the archive says of a model: accuracy and area stand in the rows of the same name.
QString archivedText(const ArchivedEvaluation &archived, int row)
{
    return row == 0 ? percent(archived.accuracy) : row == 2 ? figureText(archived.rocArea) : QString();
}

} // namespace

EvaluationPage::EvaluationPage(Session &session, Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_start(new QPushButton(tr("&Evaluate again"), this)), m_state(new QLabel(this)),
      m_figures(table("evaluationFigures", tr("Figures of both models"), this)), m_changed(table("evaluationChanged", tr("Samples answered differently"), this))
{
    setObjectName(QStringLiteral("evaluationPage"));
    m_start->setObjectName(QStringLiteral("evaluationStart"));
    m_start->setToolTip(tr("Run both models on the labelled samples of the last run"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_changed->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_changed->setSelectionMode(QAbstractItemView::SingleSelection);
    m_changed->verticalHeader()->hide();
    m_changed->horizontalHeader()->setStretchLastSection(true);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->addWidget(m_start, 0, 0, Qt::AlignLeft | Qt::AlignVCenter);
    layout->addWidget(m_state, 0, 1, 1, 2);
    const QString names[] = {tr("float"), tr("quantized"), tr("quantized − float")};
    for (int i = 0; i < 3; ++i) {
        static constexpr const char *kNames[] = {"evaluationFloat", "evaluationQuantized", "evaluationDifference"};
        m_matrices << table(kNames[i], tr("Confusion matrix, %1").arg(names[i]), this);
        auto *caption = new QLabel(names[i], this);
        caption->setToolTip(tr("A row for each label, a column for each answer"));
        m_matrices.back()->horizontalHeader()->setMinimumSectionSize(kNarrowestColumn);
        m_matrices.back()->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
        m_matrices.back()->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        m_matrices.back()->horizontalHeader()->setTextElideMode(Qt::ElideRight);
        caption->setBuddy(m_matrices.back());
        layout->addWidget(caption, 1, i);
        layout->addWidget(m_matrices.back(), 2, i);
        layout->setColumnStretch(i, 1);
    }
    layout->addWidget(m_figures, 3, 0, 1, 2);
    layout->addWidget(m_changed, 3, 2);
    layout->setRowStretch(2, 3);
    layout->setRowStretch(3, 2);
    connect(m_start, &QPushButton::clicked, this, &EvaluationPage::evaluate);
    connect(&session, &Session::shownChanged, this, &EvaluationPage::refresh);
    connect(m_changed, &QTableWidget::cellActivated, this, [this](int row) {
        m_selection.selectSample(m_evaluation->changed[static_cast<std::size_t>(row)].sample);
        emit pageRequested(QStringLiteral("sample"));
    });
    connect(m_changed, &QTableWidget::cellClicked, this, [this](int row) { m_selection.selectSample(m_evaluation->changed[static_cast<std::size_t>(row)].sample); });
    show(nullptr, {});
    refresh();
}

QList<QWidget *> EvaluationPage::panes() const
{
    return {m_start, m_figures, m_changed};
}

void EvaluationPage::drop()
{
    if (m_job)
        m_job->abandon();
    m_job = nullptr;
}

void EvaluationPage::refresh()
{
    const auto &report = m_session.measured();
    const bool canStart = report && !report->isPartial && m_session.runSettings();
    if (report != m_report) { // another run: what was evaluated belongs to the one before
        drop();
        m_report = report;
        m_isTried = report && report->evaluation;
        show(report ? report->evaluation : nullptr, {});
    }
    m_start->setEnabled(canStart && !m_job);
    if (!m_evaluation && !m_job && !m_isTried)
        m_state->setText(canStart ? tr("Not evaluated yet. It runs both models once more, on all samples of the run; they need labels.")
                                  : tr("Run first: models are evaluated on the dataset and with the settings of a run."));
    evaluateWhenSeen();
}

void EvaluationPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    evaluateWhenSeen();
}

/// Both models run once more: who never looks need not wait for it.
void EvaluationPage::evaluateWhenSeen()
{
    if (isVisible() && m_start->isEnabled() && !m_isTried)
        evaluate();
}

void EvaluationPage::evaluate()
{
    const auto &run = m_session.runSettings();
    if (!run || m_job)
        return;
    EvaluationOptions options;
    options.state = run->options.state;
    options.kernels = run->options.kernels;
    options.threads = run->options.threads;
    options.samples = run->options.samples;
    m_job = new EvaluationJob(m_session.subject(), run->dataset, options, this);
    m_isTried = true;
    m_state->setText(tr("Evaluating…"));
    connect(m_job, &EvaluationJob::progressed, this, [this](std::size_t done, std::size_t total) { m_state->setText(tr("Evaluating… %1 %").arg(100 * done / std::max<std::size_t>(total, 1))); });
    connect(m_job, &EvaluationJob::finished, this, [this](std::shared_ptr<const Evaluation> evaluation) { show(std::move(evaluation), {}); });
    connect(m_job, &EvaluationJob::failed, this, [this](const QString &message) { show(nullptr, message); });
    connect(m_job, &EvaluationJob::ended, this, [this] {
        drop();
        m_start->setEnabled(true);
    });
    m_start->setEnabled(false);
}

void EvaluationPage::show(std::shared_ptr<const Evaluation> evaluation, const QString &sentence)
{
    m_evaluation = std::move(evaluation);
    m_state->setText(sentence);
    showFigures();
    showMatrices();
    showChanged();
    if (m_evaluation && m_evaluation->task == EvaluationTask::Classification)
        m_state->setText(tr("%1 samples: %2 right in float and wrong quantized, %3 the other way round, %4 wrong in another way. So uneven a split comes by chance with probability %5.")
                             .arg(countText(static_cast<double>(m_evaluation->samples)), countText(static_cast<double>(m_evaluation->regressions)),
                                  countText(static_cast<double>(m_evaluation->improvements)), countText(static_cast<double>(m_evaluation->otherChanges)), figureText(m_evaluation->signTest)));
    else if (m_evaluation)
        m_state->setText(tr("%1 samples, judged by their reconstruction error; label 0 is normal.").arg(countText(static_cast<double>(m_evaluation->samples))));
}

void EvaluationPage::showFigures()
{
    const QList<Figure> figures = m_evaluation ? figuresOf(*m_evaluation) : QList<Figure>{};
    QStringList headings{tr("float"), tr("quantized"), tr("difference")};
    for (std::size_t i = 0; m_evaluation && i < m_evaluation->archived.size(); ++i)
        headings << tr("archive, %1").arg(plainText(m_evaluation->archived[i].side));
    m_figures->setColumnCount(static_cast<int>(headings.size()));
    m_figures->setRowCount(static_cast<int>(figures.size()));
    m_figures->setHorizontalHeaderLabels(headings);
    for (int row = 0; row < m_figures->rowCount(); ++row) {
        const Figure &figure = figures[row];
        const auto text = [&](double value) { return figure.isShare ? percent(value) : figureText(value); };
        m_figures->setVerticalHeaderItem(row, cell(figure.name, figure.explanation));
        m_figures->setItem(row, 0, cell(text(figure.floats), figure.explanation));
        m_figures->setItem(row, 1, cell(text(figure.quantized), figure.explanation));
        m_figures->setItem(row, 2, cell(text(figure.quantized - figure.floats), figure.explanation));
        for (int i = 3; i < m_figures->columnCount(); ++i)
            m_figures->setItem(row, i, cell(archivedText(m_evaluation->archived[static_cast<std::size_t>(i - 3)], row), tr("From the archive’s eval-results.json, on its own samples")));
    }
    m_figures->resizeColumnsToContents();
}

void EvaluationPage::showMatrices()
{
    const bool hasMatrices = m_evaluation && m_evaluation->floatModel.classification && m_evaluation->quantizedModel.classification;
    for (int m = 0; m < m_matrices.size(); ++m) {
        QTableWidget &matrix = *m_matrices[m];
        matrix.clear();
        const int classes = hasMatrices ? static_cast<int>(m_evaluation->classes.size()) : 0;
        matrix.setRowCount(classes);
        matrix.setColumnCount(classes);
        const MeaningColors colors = meaningColors(palette());
        for (int r = 0; r < classes; ++r) {
            matrix.setHorizontalHeaderItem(r, cell(plainText(m_evaluation->classes[static_cast<std::size_t>(r)])));
            matrix.setVerticalHeaderItem(r, cell(plainText(m_evaluation->classes[static_cast<std::size_t>(r)])));
            const auto &floats = m_evaluation->floatModel.classification->confusion[static_cast<std::size_t>(r)];
            const auto &quantized = m_evaluation->quantizedModel.classification->confusion[static_cast<std::size_t>(r)];
            const auto support = static_cast<double>(m_evaluation->floatModel.classification->classes[static_cast<std::size_t>(r)].support);
            for (int c = 0; c < classes; ++c) {
                const auto at = static_cast<std::size_t>(c);
                const auto before = static_cast<qint64>(floats[at]);
                const auto after = static_cast<qint64>(quantized[at]);
                const qint64 value = m == 0 ? before : m == 1 ? after : after - before;
                auto *item = cell(value == 0 ? QString() : m == 2 && value > 0 ? tr("+%1").arg(value) : tr("%1").arg(value),
                                  tr("%1 answered as %2: %3 in float, %4 quantized").arg(plainText(m_evaluation->classes[static_cast<std::size_t>(r)]), plainText(m_evaluation->classes[at])).arg(before).arg(after));
                item->setTextAlignment(Qt::AlignCenter);
                if (value != 0) {
                    QColor color = (m == 2 ? (r == c) == (value > 0) : r == c) ? colors.floatSide : colors.outlier;
                    color.setAlphaF(static_cast<float>(0.15 + 0.5 * std::min(1.0, std::abs(static_cast<double>(value)) / std::max(support, 1.0))));
                    item->setBackground(color);
                }
                matrix.setItem(r, c, item);
            }
        }
    }
}

void EvaluationPage::showChanged()
{
    m_changed->setColumnCount(5);
    m_changed->setHorizontalHeaderLabels({tr("sample"), tr("label"), tr("float"), tr("quantized"), tr("what changed")});
    const int rows = m_evaluation ? static_cast<int>(m_evaluation->changed.size()) : 0;
    m_changed->setRowCount(rows);
    for (int row = 0; row < rows; ++row) {
        const ChangedAnswer &answer = m_evaluation->changed[static_cast<std::size_t>(row)];
        const auto name = [&](std::int64_t c) { return plainText(m_evaluation->classes[static_cast<std::size_t>(c)]); };
        m_changed->setItem(row, 0, cell(countText(static_cast<double>(answer.sample)), tr("Click selects this sample, Enter looks at it")));
        m_changed->setItem(row, 1, cell(name(answer.label)));
        m_changed->setItem(row, 2, cell(tr("%1 (%2)").arg(name(answer.floatClass), figureText(answer.floatScore)), tr("In brackets: the score of the label’s class")));
        m_changed->setItem(row, 3, cell(tr("%1 (%2)").arg(name(answer.quantizedClass), figureText(answer.quantizedScore)), tr("In brackets: the score of the label’s class")));
        m_changed->setItem(row, 4, cell(answer.isRegression() ? tr("lost by quantization") : answer.isImprovement() ? tr("right only when quantized") : tr("wrong in another way")));
    }
    m_changed->resizeColumnsToContents();
}

extern const PageSpec evaluation_page{"evaluation", Glyph::Model, [] { return EvaluationPage::tr("Evaluation"); },
                                      [] { return EvaluationPage::tr("How good both models are on labelled samples, and which samples they answer differently"); },
                                      [](const PageContext &context, QWidget *parent) -> Page * { return new EvaluationPage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
