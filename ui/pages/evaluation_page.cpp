// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/evaluation_page.h"

#include "charts/roc_chart.h"
#include "jobs/evaluator.h"
#include "report/evaluation.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

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

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct Figure {
    QString name;
    QString explanation;
    double floats;
    double quantized;
    bool isShare;
    std::function<double(const ArchivedEvaluation &)> archived = {}; ///< the same figure of the archive's own results, where they have it
};

/// A figure of each class.
struct ClassFigure {
    const char *name;
    const char *explanation;
    double (*value)(const ClassFigures &);
    bool isShare;
    const std::vector<double> ArchivedEvaluation::*archived;
};
constexpr ClassFigure kClassFigures[] = {
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "recall"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Share of the samples of this class that are found; MLTK calls it the class’s accuracy"),
     [](const ClassFigures &c) { return c.recall; }, true, &ArchivedEvaluation::classAccuracies},
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "precision"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Of the answers that name this class, the share that is right"),
     [](const ClassFigures &c) { return c.precision; }, true, nullptr},
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "F1"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Harmonic mean of precision and recall"), [](const ClassFigures &c) { return c.f1; }, false, nullptr},
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "false positive rate"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Of the samples of other classes, the share that is taken for this one"),
     [](const ClassFigures &c) { return c.falsePositiveRate; }, true, nullptr},
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "false negative rate"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Of the samples of this class, the share that is missed: 1 − recall"),
     [](const ClassFigures &c) { return c.falseNegativeRate; }, true, nullptr},
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "ROC AUC"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Area under the ROC curve of this class against all others"),
     [](const ClassFigures &c) { return c.roc.area; }, false, &ArchivedEvaluation::classRocAreas},
    {QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "average precision"), QT_TRANSLATE_NOOP("quantloupe::ui::EvaluationPage", "Area under the precision–recall curve of this class"),
     [](const ClassFigures &c) { return c.precisionRecall.area; }, false, nullptr},
};

/// Of the class of that name in the archive's own results.
double archivedOf(const ArchivedEvaluation &archived, const std::vector<double> &values, const std::string &name)
{
    const auto at = std::find(archived.classes.begin(), archived.classes.end(), name) - archived.classes.begin();
    return static_cast<std::size_t>(at) < std::min(archived.classes.size(), values.size()) ? values[static_cast<std::size_t>(at)] : kNone;
}

QList<Figure> classificationFigures(const Classification &f, const Classification &q)
{
    return {{EvaluationPage::tr("Accuracy"), EvaluationPage::tr("Share of samples answered as labelled"), f.accuracy, q.accuracy, true, [](const ArchivedEvaluation &a) { return a.accuracy; }},
            {EvaluationPage::tr("ROC AUC"), EvaluationPage::tr("Area under the ROC curve of each class against the others, averaged"), f.macroRocArea, q.macroRocArea, false, [](const ArchivedEvaluation &a) { return a.rocArea; }},
            {EvaluationPage::tr("Precision"), EvaluationPage::tr("Share of the answers naming a class that are right, averaged over the classes"), f.macroPrecision, q.macroPrecision, true},
            {EvaluationPage::tr("Recall"), EvaluationPage::tr("Share of the samples of a class that are found, averaged over the classes"), f.macroRecall, q.macroRecall, true},
            {EvaluationPage::tr("F1"), EvaluationPage::tr("Harmonic mean of precision and recall, averaged over the classes"), f.macroF1, q.macroF1, false}};
}

QList<Figure> detectionFigures(const DetectionFigures &f, const DetectionFigures &q)
{
    return {{EvaluationPage::tr("False accepts per hour"), EvaluationPage::tr("Keywords detected where none was spoken. It rests on %1 hours only.").arg(q.hours, 0, 'g', 3), f.falseAcceptsPerHour, q.falseAcceptsPerHour, false},
            {EvaluationPage::tr("Keywords missed"), EvaluationPage::tr("Share of spoken keywords that were not detected"), f.falseRejectRate, q.falseRejectRate, true}};
}

QList<Figure> anomalyFigureList(const AnomalyFigures &f, const AnomalyFigures &q)
{
    return {{EvaluationPage::tr("Best accuracy"), EvaluationPage::tr("At the threshold that is best for it"), f.bestAccuracy, q.bestAccuracy, true, [](const ArchivedEvaluation &a) { return a.accuracy; }},
            {EvaluationPage::tr("ROC AUC"), EvaluationPage::tr("How well the reconstruction error tells abnormal samples"), f.roc.area, q.roc.area, false, [](const ArchivedEvaluation &a) { return a.rocArea; }},
            {EvaluationPage::tr("Average precision"), EvaluationPage::tr("Area under the precision–recall curve of abnormal samples"), f.precisionRecall.area, q.precisionRecall.area, false},
            {EvaluationPage::tr("Best threshold"), EvaluationPage::tr("Reconstruction errors at or above it count as abnormal"), f.bestThreshold, q.bestThreshold, false},
            {EvaluationPage::tr("Score of normal samples"), EvaluationPage::tr("Mean reconstruction error of the samples labelled 0"), f.meanNormal, q.meanNormal, false},
            {EvaluationPage::tr("Score of abnormal samples"), EvaluationPage::tr("Mean reconstruction error of all other samples"), f.meanAbnormal, q.meanAbnormal, false}};
}

QList<Figure> figuresOf(const Evaluation &evaluation, const ClassFigure &perClass)
{
    const ModelEvaluation &f = evaluation.floatModel;
    const ModelEvaluation &q = evaluation.quantizedModel;
    QList<Figure> figures;
    if (f.classification && q.classification)
        figures << classificationFigures(*f.classification, *q.classification);
    if (f.detection && q.detection)
        figures << detectionFigures(*f.detection, *q.detection);
    if (f.anomaly && q.anomaly)
        figures << anomalyFigureList(*f.anomaly, *q.anomaly);
    for (std::size_t c = 0; f.classification && q.classification && c < evaluation.classes.size(); ++c) {
        const ClassFigures &floats = f.classification->classes[c];
        if (floats.support == 0)
            continue;
        Figure figure{EvaluationPage::tr("%1: %2").arg(plainText(evaluation.classes[c]), EvaluationPage::tr(perClass.name)),
                      EvaluationPage::tr("%1. It rests on %2 samples.").arg(EvaluationPage::tr(perClass.explanation)).arg(floats.support), perClass.value(floats),
                      perClass.value(q.classification->classes[c]), perClass.isShare};
        if (perClass.archived)
            figure.archived = [name = evaluation.classes[c], member = perClass.archived](const ArchivedEvaluation &a) { return archivedOf(a, a.*member, name); };
        figures << figure;
    }
    return figures;
}

} // namespace

EvaluationPage::EvaluationPage(Session &session, Selection &selection, Evaluator &evaluator, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_evaluator(evaluator), m_start(new QPushButton(tr("&Evaluate again"), this)), m_state(new QLabel(this)),
      m_perClass(new QComboBox(this)), m_figures(table("evaluationFigures", tr("Figures of both models"), this)), m_roc(new RocChart(this)),
      m_changedCaption(new QLabel(this)),
      m_changed(table("evaluationChanged", tr("Samples answered differently"), this))
{
    setObjectName(QStringLiteral("evaluationPage"));
    m_start->setObjectName(QStringLiteral("evaluationStart"));
    m_start->setToolTip(tr("Run both models on the labelled samples of the last run"));
    m_state->setObjectName(QStringLiteral("evaluationState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_perClass->setObjectName(QStringLiteral("evaluationPerClass"));
    m_perClass->setAccessibleName(tr("Figure of each class"));
    m_perClass->setToolTip(tr("Which figure of each class stands in the table"));
    for (const ClassFigure &figure : kClassFigures)
        m_perClass->addItem(tr("per class: %1").arg(tr(figure.name)));
    m_changed->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_changed->setSelectionMode(QAbstractItemView::SingleSelection);
    m_changed->verticalHeader()->hide();
    m_changed->horizontalHeader()->setStretchLastSection(true);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_start);
    bar->addWidget(m_state, 1);
    layout->addLayout(bar, 0, 0, 1, 3);
    addMatrices(*layout);
    auto *figures = new QVBoxLayout;
    figures->addWidget(m_perClass, 0, Qt::AlignLeft);
    figures->addWidget(m_figures, 1);
    m_changedCaption->setBuddy(m_changed);
    auto *changed = new QVBoxLayout;
    changed->addWidget(m_changedCaption);
    changed->addWidget(m_changed, 1);
    auto *below = new QHBoxLayout;
    below->addLayout(figures, 5);
    below->addWidget(m_roc, 4);
    below->addLayout(changed, 3);
    layout->addLayout(below, 3, 0, 1, 3);
    layout->setRowStretch(2, 1);
    layout->setRowStretch(3, 1);
    connect(m_start, &QPushButton::clicked, &m_evaluator, &Evaluator::start);
    connect(m_perClass, &QComboBox::currentIndexChanged, this, &EvaluationPage::showFigures);
    connect(&m_evaluator, &Evaluator::changed, this, &EvaluationPage::refreshState);
    connect(&session, &Session::passesChanged, this, &EvaluationPage::show);
    connect(&session, &Session::shownChanged, this, &EvaluationPage::refreshState);
    const auto open = [this](int row) {
        m_selection.selectSample(evaluation()->changed[static_cast<std::size_t>(row)].sample);
        emit pageRequested(QStringLiteral("sample"));
    };
    connect(m_changed, &QTableWidget::cellActivated, this, open); // Enter
    connect(m_changed, &QTableWidget::cellClicked, this, open);
    show();
}

void EvaluationPage::addMatrices(QGridLayout &layout)
{
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
        QFont narrow = m_matrices.back()->font();
        narrow.setPointSizeF(narrow.pointSizeF() * 0.8); // as many letters of a class as may be
        m_matrices.back()->horizontalHeader()->setFont(narrow);
        caption->setBuddy(m_matrices.back());
        layout.addWidget(caption, 1, i);
        layout.addWidget(m_matrices.back(), 2, i);
        layout.setColumnStretch(i, 1);
    }
}

QList<ChartPanel *> EvaluationPage::charts() const
{
    return {m_roc};
}

QList<QWidget *> EvaluationPage::panes() const
{
    return {m_start, m_figures, m_roc, m_changed};
}

bool EvaluationPage::isBusy() const
{
    return m_evaluator.isBusy();
}

void EvaluationPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    evaluateWhenSeen();
}

/// Both models run once more: who never looks need not wait for it.
void EvaluationPage::evaluateWhenSeen()
{
    if (isVisible())
        m_evaluator.startOnce();
}

void EvaluationPage::refreshState()
{
    m_start->setEnabled(m_evaluator.canStart());
    if (m_evaluator.isBusy())
        m_state->setText(tr("Evaluating… %1 %").arg(m_evaluator.percent()));
    else if (!m_evaluator.failure().isEmpty())
        m_state->setText(m_evaluator.failure());
    else if (!evaluation())
        m_state->setText(m_evaluator.canStart() ? tr("Not evaluated yet. It runs both models once more, on all samples of the run; they need labels.")
                                                : tr("Run first: models are evaluated on the dataset and with the settings of a run."));
    else if (evaluation()->task == EvaluationTask::Classification && evaluation()->changed.empty())
        m_state->setText(tr("%1 samples: both models answer every one alike.").arg(countText(static_cast<double>(evaluation()->samples))));
    else if (evaluation()->task == EvaluationTask::Classification)
        m_state->setText(tr("%1 samples: %2 right in float and wrong quantized, %3 the other way round, %4 wrong in another way. So uneven a split comes by chance with probability %5.")
                             .arg(countText(static_cast<double>(evaluation()->samples)), countText(static_cast<double>(evaluation()->regressions)),
                                  countText(static_cast<double>(evaluation()->improvements)), countText(static_cast<double>(evaluation()->otherChanges)), figureText(evaluation()->signTest)));
    else
        m_state->setText(tr("%1 samples, judged by their reconstruction error; label 0 is normal.").arg(countText(static_cast<double>(evaluation()->samples))));
    if (!evaluation())
        m_roc->setEvaluation(nullptr, m_state->text());
    evaluateWhenSeen();
}

void EvaluationPage::show()
{
    m_perClass->setEnabled(evaluation() && evaluation()->floatModel.classification);
    showFigures();
    showMatrices();
    showChanged();
    m_roc->setEvaluation(evaluation(), m_state->text());
    refreshState();
}

void EvaluationPage::showFigures()
{
    const QList<Figure> figures = evaluation() ? figuresOf(*evaluation(), kClassFigures[std::max(0, m_perClass->currentIndex())]) : QList<Figure>{};
    QStringList headings{tr("float"), tr("quantized"), tr("difference")};
    for (std::size_t i = 0; evaluation() && i < evaluation()->archived.size(); ++i)
        headings << tr("archive, %1").arg(plainText(evaluation()->archived[i].side));
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
        for (int i = 3; i < m_figures->columnCount(); ++i) {
            const double archived = figure.archived ? figure.archived(evaluation()->archived[static_cast<std::size_t>(i - 3)]) : kNone;
            m_figures->setItem(row, i, cell(std::isnan(archived) ? QString() : text(archived), tr("From the archive’s eval-results.json, on its own samples")));
        }
        for (int i = 0; i < m_figures->columnCount(); ++i)
            m_figures->item(row, i)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    m_figures->resizeColumnsToContents();
}

void EvaluationPage::showMatrices()
{
    const bool hasMatrices = evaluation() && evaluation()->floatModel.classification && evaluation()->quantizedModel.classification;
    for (int m = 0; m < m_matrices.size(); ++m) {
        QTableWidget &matrix = *m_matrices[m];
        matrix.clear();
        const int classes = hasMatrices ? static_cast<int>(evaluation()->classes.size()) : 0;
        matrix.setRowCount(classes);
        matrix.setColumnCount(classes);
        const MeaningColors colors = meaningColors(palette());
        for (int r = 0; r < classes; ++r) {
            matrix.setHorizontalHeaderItem(r, cell(plainText(evaluation()->classes[static_cast<std::size_t>(r)])));
            matrix.setVerticalHeaderItem(r, cell(plainText(evaluation()->classes[static_cast<std::size_t>(r)])));
            const auto &floats = evaluation()->floatModel.classification->confusion[static_cast<std::size_t>(r)];
            const auto &quantized = evaluation()->quantizedModel.classification->confusion[static_cast<std::size_t>(r)];
            const auto support = static_cast<double>(evaluation()->floatModel.classification->classes[static_cast<std::size_t>(r)].support);
            for (int c = 0; c < classes; ++c) {
                const auto at = static_cast<std::size_t>(c);
                const auto before = static_cast<qint64>(floats[at]);
                const auto after = static_cast<qint64>(quantized[at]);
                const qint64 value = m == 0 ? before : m == 1 ? after : after - before;
                auto *item = cell(value == 0 ? QString() : m == 2 && value > 0 ? tr("+%1").arg(value) : tr("%1").arg(value),
                                  tr("%1 answered as %2: %3 in float, %4 quantized").arg(plainText(evaluation()->classes[static_cast<std::size_t>(r)]), plainText(evaluation()->classes[at])).arg(before).arg(after));
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
    const int rows = evaluation() ? static_cast<int>(evaluation()->changed.size()) : 0;
    m_changed->setRowCount(rows);
    m_changedCaption->setText(evaluation() && rows == 0 ? tr("Samples answered differently: none") : tr("Samples answered differently"));
    for (int row = 0; row < rows; ++row) {
        const ChangedAnswer &answer = evaluation()->changed[static_cast<std::size_t>(row)];
        const auto name = [&](std::int64_t c) { return plainText(evaluation()->classes[static_cast<std::size_t>(c)]); };
        m_changed->setItem(row, 0, cell(countText(static_cast<double>(answer.sample)), tr("A click, or Enter, looks at this sample: its input, both answers, its error through all operators")));
        m_changed->setItem(row, 1, cell(name(answer.label)));
        m_changed->setItem(row, 2, cell(tr("%1 (%2)").arg(name(answer.floatClass), figureText(answer.floatScore)), tr("In brackets: the score of the label’s class")));
        m_changed->setItem(row, 3, cell(tr("%1 (%2)").arg(name(answer.quantizedClass), figureText(answer.quantizedScore)), tr("In brackets: the score of the label’s class")));
        m_changed->setItem(row, 4, cell(answer.isRegression() ? tr("lost by quantization") : answer.isImprovement() ? tr("right only when quantized") : tr("wrong in another way")));
    }
    m_changed->resizeColumnsToContents();
}

extern const PageSpec evaluation_page{"evaluation", Glyph::Ideal, [] { return EvaluationPage::tr("Evaluation"); },
                                      [] { return EvaluationPage::tr("How good both models are on labelled samples, and which samples they answer differently"); },
                                      [](const PageContext &context, QWidget *parent) -> Page * { return new EvaluationPage(context.session, context.selection, context.evaluator, parent); }};

} // namespace quantloupe::ui
