// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/overview_page.h"

#include "charts/operator_chart.h"
#include "jobs/evaluator.h"
#include "metrics/metric.h"
#include "models/report_text.h"
#include "models/verdict.h"
#include "pages/figure_tile.h"
#include "pages/findings_page.h"
#include "report/evaluation.h"
#include "style/theme.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QFileInfo>
#include <QGridLayout>
#include <QSplitter>
#include <QVBoxLayout>

#include <cmath>

namespace quantloupe::ui {
namespace {

constexpr int kColumns = 5; // two rows: models, what was run, what came of it
/// Of so many samples both models are evaluated without being asked: it takes as long as the run did.
constexpr std::size_t kEvaluatedAtOnce = 1000;

const Metric &shownMetric()
{
    return *metrics()[static_cast<std::size_t>(verdictMetric())];
}

QString fileName(const std::string &file)
{
    return plainText(file).section(QLatin1Char('/'), -1).section(QLatin1Char(':'), -1);
}

FigureTile::Content modelContent(const QString &name, const Model *model, const Model *other)
{
    if (!model)
        return {name, OverviewPage::tr("none"), {}};
    const QString kind = plainText(quantloupe::name(kindOf(*model)));
    QString detail = OverviewPage::tr("%1 · operators: %2 · %3").arg(kind, countText(static_cast<double>(model->main().operators.size())), fileName(model->file));
    if (other && model->fileSize > 0 && other->fileSize > 0)
        detail.prepend(OverviewPage::tr("%1 × smaller · ").arg(QLocale().toString(static_cast<double>(other->fileSize) / static_cast<double>(model->fileSize), 'f', 1)));
    return {name, bytesText(model->fileSize), detail};
}

/// Row with the largest figure of that kind; tensors of few elements only where there are no others.
int worstRow(const ShownReport &report, ErrorKind kind)
{
    int worst = -1;
    for (const bool isFewTaken : {false, true})
        for (int row = 0; row < report.rowCount() && (worst < 0 || !isFewTaken); ++row) {
            const double value = report.figure(row, verdictMetric(), kind);
            if (!std::isnan(value) && hasFewElements(report, row) == isFewTaken && (worst < 0 || value > report.figure(worst, verdictMetric(), kind)))
                worst = row;
        }
    return worst;
}

} // namespace

OverviewPage::OverviewPage(Session &session, Selection &selection, Evaluator &evaluator, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_evaluator(evaluator), m_findings(new FindingsPage(session, selection, this)),
      m_chart(new OperatorChart(session, selection, this, QStringLiteral("overviewOperators"))), m_columns(new QSplitter(Qt::Horizontal, this))
{
    setObjectName(QStringLiteral("overviewPage"));
    m_findings->setObjectName(QStringLiteral("overviewFindings"));
    m_findings->setAccessibleName(tr("Findings and advice"));
    auto *tiles = new QGridLayout;
    tiles->setContentsMargins(8, 8, 8, 4);
    tiles->setSpacing(8);
    for (const char *name : {"quantizedModel", "floatModel", "samples", "settings", "accuracy", "worstLocal", "worstAccumulated", "outliers", "findings"})
        addTile(name);
    for (int i = 0; i < static_cast<int>(m_tiles.size()); ++i)
        tiles->addWidget(m_tiles[i], i / kColumns, i % kColumns, 1, i + 1 < m_tiles.size() ? 1 : kColumns - i % kColumns);
    m_columns->setObjectName(QStringLiteral("overviewColumns"));
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_findings);
    m_columns->addWidget(m_chart);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(tiles);
    layout->addWidget(m_columns, 1);
    connect(&session, &Session::shownChanged, this, &OverviewPage::refresh);
    connect(&session, &Session::subjectChanged, this, &OverviewPage::refresh);
    connect(&session, &Session::passesChanged, this, &OverviewPage::showAccuracy);
    connect(&m_evaluator, &Evaluator::changed, this, &OverviewPage::showAccuracy);
    connect(&tile("accuracy"), &FigureTile::clicked, this, [this] {
        if (tile("accuracy").content().isLink)
            emit pageRequested(QStringLiteral("evaluation"));
    });
    connect(m_findings, &QListWidget::itemActivated, this, [this] {
        if (m_selection.current().isValid())
            emit pageRequested(QStringLiteral("tensor"));
    });
    resetLayout();
    refresh();
}

void OverviewPage::addTile(const char *name)
{
    auto *made = new FigureTile(QStringLiteral("tile-") + QLatin1String(name), this);
    m_tiles << made;
    const bool isWorst = QLatin1String(name).startsWith(QLatin1String("worst"));
    if (!isWorst)
        return;
    const ErrorKind kind = QLatin1String(name) == QLatin1String("worstLocal") ? ErrorKind::Local : ErrorKind::Accumulated;
    connect(made, &FigureTile::clicked, this, [this, kind] {
        if (const int row = worstRow(m_session.shown(), kind); row >= 0) {
            m_selection.select(m_session.shown().key(row));
            emit pageRequested(QStringLiteral("tensor"));
        }
    });
}

FigureTile &OverviewPage::tile(const char *name) const
{
    return *findChild<FigureTile *>(QStringLiteral("tile-") + QLatin1String(name));
}

bool OverviewPage::isBusy() const
{
    return m_evaluator.isBusy();
}

QList<ChartPanel *> OverviewPage::charts() const
{
    return {m_chart};
}

QList<QWidget *> OverviewPage::panes() const
{
    return {&tile("accuracy"), &tile("worstLocal"), m_findings, m_chart};
}

void OverviewPage::refresh()
{
    showModels();
    showRun();
    showWorst("worstLocal", ErrorKind::Local, tr("Worst by local error"));
    showWorst("worstAccumulated", ErrorKind::Accumulated, tr("Worst by accumulated error"));
    showOutliers();
    showAccuracy();
}

void OverviewPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    showAccuracy();
}

/// Float → quantized, where the samples have labels.
void OverviewPage::showAccuracy()
{
    const bool isCheap = m_session.measured() && m_session.measured()->samples <= kEvaluatedAtOnce;
    if (isVisible() && m_evaluator.hasLabels() && m_evaluator.canStart() && isCheap)
        m_evaluator.startOnce(); // and comes back here
    FigureTile::Content content{tr("Accuracy"), {}, {}};
    const auto &evaluation = m_session.evaluation();
    if (m_evaluator.isBusy()) {
        content.value = tr("evaluating… %1 %").arg(m_evaluator.percent());
    } else if (evaluation) {
        const auto percent = [](double share) { return OverviewPage::tr("%1 %").arg(QLocale().toString(100.0 * share, 'f', 1)); };
        const auto &floats = evaluation->floatModel;
        const auto &quantized = evaluation->quantizedModel;
        if (floats.classification && quantized.classification)
            content.value = tr("%1 → %2").arg(percent(floats.classification->accuracy), percent(quantized.classification->accuracy));
        else if (floats.anomaly && quantized.anomaly)
            content.value = tr("AUC %1 → %2").arg(figureText(floats.anomaly->roc.area), figureText(quantized.anomaly->roc.area));
        content.detail = tr("float → quantized · lost: %1 · gained: %2").arg(countText(static_cast<double>(evaluation->regressions)), countText(static_cast<double>(evaluation->improvements)));
        const bool isWorse = evaluation->signTest < 0.05 && evaluation->regressions > evaluation->improvements; // no matter of chance
        content.glyph = isWorse ? Glyph::Raised : Glyph::Ideal;
        content.color = isWorse ? meaningColors(palette()).raised : meaningColors(palette()).ideal;
        content.isLink = true;
    } else if (m_evaluator.canStart() && m_evaluator.hasLabels()) {
        content.value = tr("not evaluated");
        content.detail = m_evaluator.failure().isEmpty() ? tr("click to evaluate both models") : m_evaluator.failure();
        content.isLink = true;
    } else {
        content.value = m_session.measured() ? tr("no labels") : tr("not measured");
        content.detail = m_session.measured() ? tr("the dataset has no y") : archivedAccuracyText();
    }
    tile("accuracy").setContent(content);
}

/// What the archive's own results say, until something is measured here.
QString OverviewPage::archivedAccuracyText() const
{
    QStringList parts;
    if (const auto &subject = m_session.subject())
        for (const ArchivedEvaluation &archived : subject->evaluations)
            if (!std::isnan(archived.accuracy))
                parts << tr("%1 %2 %").arg(plainText(archived.side), QLocale().toString(100.0 * archived.accuracy, 'f', 1));
    return parts.isEmpty() ? QString() : tr("in the archive: %1").arg(parts.join(QStringLiteral(" · ")));
}

void OverviewPage::showModels()
{
    const auto &subject = m_session.subject();
    const Model *quantized = subject ? subject->quantizedModel.get() : nullptr;
    const Model *floats = subject ? subject->floatModel.get() : nullptr;
    tile("quantizedModel").setContent(modelContent(tr("Quantized model"), quantized, floats));
    FigureTile::Content reference = modelContent(tr("Float reference"), floats, nullptr);
    if (floats && kindOf(*floats) == ModelKind::DynamicRange) {
        reference.glyph = Glyph::Warning;
        reference.color = meaningColors(palette()).raised;
    }
    tile("floatModel").setContent(reference);
}

void OverviewPage::showRun()
{
    const auto &report = m_session.shown().report();
    if (!report) {
        const QString basis = basisText(m_session.shown(), m_session.subject().get());
        tile("samples").setContent({tr("Samples"), m_session.shown().isEmpty() ? tr("none yet") : tr("not recorded"), basis});
        tile("settings").setContent({tr("Settings"), m_session.shown().isEmpty() ? tr("none yet") : tr("not recorded"), basis});
        return;
    }
    const QString samples = report->samples == report->samplesAsked ? countText(static_cast<double>(report->samples))
                                                                    : tr("%1 of %2").arg(countText(static_cast<double>(report->samples)), countText(static_cast<double>(report->samplesAsked)));
    tile("samples").setContent({tr("Samples"), samples, QFileInfo(plainText(report->dataset)).fileName()});
    const QString kinds = report->hasLocal && report->hasAccumulated ? tr("local and accumulated error") : report->hasLocal ? tr("local error") : tr("accumulated error");
    tile("settings").setContent({tr("Settings"), tr("%1, state %2").arg(plainText(name(report->kernels)), plainText(name(report->state))), tr("kernels and state · %1").arg(kinds)});
}

void OverviewPage::showWorst(const char *name, ErrorKind kind, const QString &title)
{
    const ShownReport &shown = m_session.shown();
    const int row = worstRow(shown, kind);
    if (row < 0) {
        tile(name).setContent({title, tr("not measured"), {}});
        return;
    }
    const double value = shown.figure(row, verdictMetric(), kind);
    const Verdict verdict = verdictOf(shownMetric(), value);
    const MeaningColors colors = meaningColors(palette());
    FigureTile::Content content{title, tr("%1 rmse/scale").arg(figureText(value)), QStringLiteral("%1 · #%2 %3").arg(verdictText(verdict)).arg(row + 1).arg(shown.operatorName(row))};
    content.glyph = verdict == Verdict::Outlier ? Glyph::Outlier : verdict == Verdict::Raised ? Glyph::Raised : Glyph::Ideal;
    content.color = verdict == Verdict::Outlier ? colors.outlier : verdict == Verdict::Raised ? colors.raised : colors.ideal;
    content.isLink = true;
    tile(name).setContent(content);
}

void OverviewPage::showOutliers()
{
    const ShownReport &shown = m_session.shown();
    int outliers = 0;
    int compared = 0;
    for (int row = 0; row < shown.rowCount(); ++row) {
        const Verdict verdict = rowVerdict(shown, row);
        outliers += verdict == Verdict::Outlier;
        compared += verdict != Verdict::Unknown;
    }
    FigureTile::Content content{tr("Outliers"), shown.isEmpty() ? tr("not measured") : tr("%1 of %2 tensors").arg(countText(outliers), countText(compared)),
                                tr("local rmse/scale above %1").arg(QLocale().toString(shownMetric().warnAbove, 'g', 3))};
    if (compared > 0) {
        content.glyph = outliers > 0 ? Glyph::Outlier : Glyph::Ideal;
        content.color = outliers > 0 ? meaningColors(palette()).outlier : meaningColors(palette()).ideal;
    }
    tile("outliers").setContent(content);
    const int problems = m_findings->countOf(Severity::Problem);
    const int warnings = m_findings->countOf(Severity::Warning);
    FigureTile::Content found{tr("Findings"), tr("%1 to look at").arg(countText(problems + warnings)),
                              tr("problems: %1 · warnings: %2 · notes: %3").arg(countText(problems), countText(warnings), countText(m_findings->countOf(Severity::Note)))};
    if (problems + warnings > 0) {
        found.glyph = problems > 0 ? Glyph::Problem : Glyph::Warning;
        found.color = problems > 0 ? meaningColors(palette()).outlier : meaningColors(palette()).raised;
    }
    tile("findings").setContent(found);
}

QList<QSplitter *> OverviewPage::splitters() const
{
    return {m_columns};
}

void OverviewPage::resetLayout()
{
    m_columns->setSizes({420, 640});
}

extern const PageSpec overview_page{"overview", Glyph::Chart, [] { return OverviewPage::tr("Overview"); },
                                    [] { return OverviewPage::tr("Headline figures, findings and advice, the error over all operators"); },
                                    [](const PageContext &context, QWidget *parent) -> Page * { return new OverviewPage(context.session, context.selection, context.evaluator, parent); }};

} // namespace quantloupe::ui
