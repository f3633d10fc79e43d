// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/compare_page.h"

#include "charts/slope_chart.h"
#include "debugger/figure_tables.h"
#include "jobs/table_job.h"
#include "models/column_text.h"
#include "models/report_text.h"
#include "pages/linked_table.h"
#include "text/figure_text.h"
#include "text/plain_text.h"

#include <QComboBox>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace quantloupe::ui {

/// Something that can stand on a side.
struct ComparePage::Source {
    enum class Kind { Archived, Measured, File } kind = Kind::File;
    QString file = {};
    QString explanation = {}; ///< how the figures of a file came about
    ErrorKind error = ErrorKind::Local; ///< that was asked of a file
    std::shared_ptr<const FigureTable> table = {}; ///< of a file, once it was read
    QString failure = {};
    std::shared_ptr<const Report> run = {}; ///< of an archive: the run whose samples and settings it was run on
    TableJob *job = nullptr;

    bool isArchive() const { return file.endsWith(QLatin1String(".zip"), Qt::CaseInsensitive); }
};

namespace {

/// The lists over the table; the first is all.
constexpr std::array kLists{quantloupe::Change::Unknown, quantloupe::Change::Regressed, quantloupe::Change::Improved, quantloupe::Change::Same, quantloupe::Change::OnlyBefore, quantloupe::Change::OnlyAfter};

bool isReportOrArchive(const QString &file)
{
    constexpr std::array kEndings{".csv", ".json", ".zip"};
    return std::any_of(kEndings.begin(), kEndings.end(), [&](const char *ending) { return file.endsWith(QLatin1String(ending), Qt::CaseInsensitive); });
}

} // namespace

ComparePage::ComparePage(Session &session, Selection &selection, QWidget *parent)
    : Page(parent), m_session(session), m_selection(selection), m_choices{new QComboBox(this), new QComboBox(this)}, m_swap(new QPushButton(tr("S&wap"), this)),
      m_metric(new QComboBox(this)), m_save(new QPushButton(icon(Glyph::Export), tr("Sa&ve table…"), this)), m_state(new QLabel(this)), m_chart(new SlopeChart(m_model, this)),
      m_lists(new QTabBar(this)), m_table(new LinkedTable(QStringLiteral("compareTable"), tr("Differences, one operator a row"), m_model, this)), m_columns(new QSplitter(Qt::Horizontal, this))
{
    setObjectName(QStringLiteral("comparePage"));
    m_lists->setObjectName(QStringLiteral("compareLists"));
    m_lists->setAccessibleName(tr("Which rows the table shows"));
    m_lists->setDrawBase(false);
    m_lists->setExpanding(false);
    m_lists->setUsesScrollButtons(true);
    for (std::size_t list = 0; list < kLists.size(); ++list)
        m_lists->addTab(QString());
    auto *rows = new QWidget(this);
    auto *inRows = new QVBoxLayout(rows);
    inRows->setContentsMargins(0, 0, 0, 0);
    inRows->setSpacing(0);
    inRows->addWidget(m_lists);
    inRows->addWidget(m_table, 1);
    m_columns->setObjectName(QStringLiteral("compareColumns"));
    m_columns->setChildrenCollapsible(false);
    m_columns->addWidget(m_chart);
    m_columns->addWidget(rows);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(madeBar());
    layout->addWidget(m_columns, 1);
    connectParts();
    resetLayout();
    start();
}

ComparePage::~ComparePage() = default;

QWidget *ComparePage::madeBar()
{
    auto *bar = new QWidget(this);
    auto *layout = new QGridLayout(bar);
    layout->setContentsMargins(8, 6, 8, 4);
    static constexpr const char *kNames[] = {"compareBefore", "compareAfter"};
    const QString titles[] = {tr("&Before:"), tr("A&fter:")};
    for (std::size_t side = 0; side < kSides; ++side) {
        QComboBox &choice = *m_choices[side];
        choice.setObjectName(QLatin1String(kNames[side]));
        choice.setAccessibleName(side == Before ? tr("What stands before") : tr("What stands after"));
        choice.setToolTip(tr("A report of what is open, or a file: a quantization_report.csv, a JSON report, an archive"));
        choice.setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        choice.setMinimumContentsLength(18);
        auto *label = new QLabel(titles[side], bar);
        label->setBuddy(&choice);
        layout->addWidget(label, 0, static_cast<int>(3 * side));
        layout->addWidget(&choice, 0, static_cast<int>(3 * side + 1));
        layout->setColumnStretch(static_cast<int>(3 * side + 1), 1);
    }
    m_swap->setObjectName(QStringLiteral("compareSwap"));
    m_swap->setToolTip(tr("Before becomes after, after becomes before"));
    layout->addWidget(m_swap, 0, 2);
    m_metric->setObjectName(QStringLiteral("compareMetric"));
    m_metric->setAccessibleName(tr("Metric the rows are judged by"));
    m_metric->setToolTip(tr("Where bit widths differ, rmse decides instead of rmse/scale, which does not compare between them"));
    m_metric->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *judged = new QLabel(tr("&Judged by:"), bar);
    judged->setBuddy(m_metric);
    layout->addWidget(judged, 1, 0);
    auto *second = new QHBoxLayout;
    m_save->setObjectName(QStringLiteral("compareSave"));
    m_save->setToolTip(tr("Write the table of differences with all columns of both reports as CSV"));
    m_state->setObjectName(QStringLiteral("compareState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    second->addWidget(m_metric);
    second->addWidget(m_save);
    second->addWidget(m_state, 1);
    layout->addLayout(second, 1, 1, 1, 4);
    return bar;
}

void ComparePage::connectParts()
{
    for (const Side side : {Before, After})
        connect(m_choices[side], &QComboBox::activated, this, [this, side](int entry) { chosen(side, entry); });
    connect(m_swap, &QPushButton::clicked, this, [this] {
        m_isChosen = {true, true};
        std::swap(m_sides[Before], m_sides[After]);
        refresh();
    });
    connect(m_metric, &QComboBox::activated, this, &ComparePage::compare);
    connect(m_save, &QPushButton::clicked, this, [this] {
        if (m_model.comparison())
            emit textToSave(tr("Save table of differences"), QStringLiteral("comparison.csv"), QByteArray::fromStdString(comparisonCsv(*m_model.comparison())));
    });
    connect(m_lists, &QTabBar::currentChanged, this, &ComparePage::showList);
    connect(m_table, &LinkedTable::rowChosen, this, &ComparePage::chooseRow);
    connect(&m_chart->lines(), &SlopeLines::chosen, this, &ComparePage::chooseRow);
    connect(m_table, &LinkedTable::rowOpened, this, [this](int row) {
        chooseRow(row);
        if (m_selection.current().isValid())
            emit pageRequested(QStringLiteral("tensor"));
    });
    connect(&m_selection, &Selection::changed, this, &ComparePage::showSelected);
    connect(&m_session, &Session::subjectChanged, this, &ComparePage::start);
    connect(&m_session, &Session::shownChanged, this, &ComparePage::refresh);
}

bool ComparePage::isBusy() const
{
    return std::any_of(m_sources.begin(), m_sources.end(), [](const auto &source) { return source->job != nullptr; });
}

QList<ChartPanel *> ComparePage::charts() const
{
    return {m_chart};
}

QList<QWidget *> ComparePage::panes() const
{
    return {m_choices[Before], m_chart, m_table};
}

bool ComparePage::takeDroppedFiles(const QStringList &files)
{
    if (!m_session.subject() || files.isEmpty() || files.size() > 2 || !std::all_of(files.begin(), files.end(), isReportOrArchive))
        return false;
    files.size() == 1 ? compareWith(files.front()) : compareFiles(files[0], files[1]);
    return true;
}

void ComparePage::start()
{
    for (const auto &source : m_sources)
        drop(*source);
    m_sources = {std::make_shared<Source>(Source{Source::Kind::Archived}), std::make_shared<Source>(Source{Source::Kind::Measured})};
    m_sides = {};
    m_isChosen = {};
    refresh();
}

bool ComparePage::isThere(const Source &source) const
{
    return source.kind == Source::Kind::File || m_session.has(source.kind == Source::Kind::Archived ? ReportSource::Archived : ReportSource::Measured);
}

/// What the user did not choose: what was measured here after, the archive's own report before.
void ComparePage::refresh()
{
    const auto &archived = m_sources[0];
    const auto &measured = m_sources[1];
    for (const Side side : {Before, After})
        if (m_sides[side] && (!isThere(*m_sides[side]) || !m_isChosen[side])) {
            m_sides[side].reset();
            m_isChosen[side] = false;
        }
    const auto fill = [this](Side side, std::initializer_list<std::shared_ptr<Source>> candidates) {
        for (const auto &candidate : candidates)
            if (!m_sides[side] && isThere(*candidate) && m_sides[side == Before ? After : Before] != candidate)
                m_sides[side] = candidate;
    };
    fill(After, {measured, archived});
    fill(Before, {archived, measured});
    offer();
    m_isStale = !isVisible();
    if (!m_isStale)
        compare();
}

void ComparePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (m_isStale)
        refresh();
}

QString ComparePage::titleOf(const Source &source) const
{
    if (source.kind == Source::Kind::File)
        return QFileInfo(source.file).fileName();
    return sourceText(source.kind == Source::Kind::Archived ? ReportSource::Archived : ReportSource::Measured, m_session);
}

void ComparePage::offer()
{
    for (const Side side : {Before, After}) {
        QComboBox &choice = *m_choices[side];
        const QSignalBlocker quiet(choice);
        choice.clear();
        for (std::size_t i = 0; i < m_sources.size(); ++i)
            if (isThere(*m_sources[i])) {
                choice.addItem(titleOf(*m_sources[i]), static_cast<int>(i));
                choice.setItemData(choice.count() - 1, m_sources[i]->file, Qt::ToolTipRole);
                if (m_sources[i] == m_sides[side])
                    choice.setCurrentIndex(choice.count() - 1);
            }
        choice.addItem(icon(Glyph::Folder), tr("Open a file…"), -1);
        if (!m_sides[side])
            choice.setCurrentIndex(-1);
    }
    m_swap->setEnabled(m_sides[Before] && m_sides[After]);
}

void ComparePage::chosen(Side side, int entry)
{
    const int source = m_choices[side]->itemData(entry).toInt();
    if (source < 0) {
        offer(); // the entry is no choice of its own
        askForFile(side);
        return;
    }
    m_isChosen[side] = true;
    m_sides[side] = m_sources[static_cast<std::size_t>(source)];
    refresh();
}

void ComparePage::askForFile(Side side)
{
    emit fileRequested([this, side](const QString &file) {
        m_isChosen[side] = true;
        m_sides[side] = fileSource(file);
        refresh();
    });
}

/// A file that is named again is read again.
std::shared_ptr<ComparePage::Source> ComparePage::fileSource(const QString &file)
{
    const QString whole = QFileInfo(file).absoluteFilePath();
    for (const auto &source : m_sources)
        if (source->kind == Source::Kind::File && source->file == whole) {
            drop(*source);
            source->table.reset();
            source->failure.clear();
            return source;
        }
    m_sources.push_back(std::make_shared<Source>(Source{Source::Kind::File, whole}));
    return m_sources.back();
}

void ComparePage::compareWith(const QString &file)
{
    m_isChosen[Before] = true;
    m_sides[Before] = fileSource(file);
    refresh();
}

void ComparePage::compareFiles(const QString &before, const QString &after)
{
    m_isChosen = {true, true};
    m_sides[Before] = fileSource(before);
    m_sides[After] = fileSource(after);
    refresh();
}

void ComparePage::drop(Source &source)
{
    if (source.job)
        source.job->abandon();
    source.job = nullptr;
}

/// Null while it is being read, and when it cannot be.
std::shared_ptr<const FigureTable> ComparePage::tableOf(Source &source)
{
    if (source.kind == Source::Kind::Archived)
        return std::make_shared<const FigureTable>(figureTable(*m_session.subject()->archivedReport));
    if (source.kind == Source::Kind::Measured)
        return std::make_shared<const FigureTable>(figureTable(*m_session.measured(), m_session.kind(), "measured here"));
    // Of another kind of error, or an archive after another run: both sides rest on the same samples and settings.
    const auto &run = m_session.measured();
    const bool isOld = source.isArchive() && run && !run->isPartial && source.run != run;
    if ((source.error != m_session.kind() || isOld) && (source.table || !source.failure.isEmpty() || source.job)) {
        drop(source);
        source.table.reset();
        source.failure.clear();
    }
    if (!source.table && source.failure.isEmpty() && !source.job)
        load(source);
    return source.table;
}

void ComparePage::load(Source &source)
{
    const auto &run = m_session.runSettings();
    const bool isRun = source.isArchive() && run && !m_session.measured()->isPartial;
    source.error = m_session.kind();
    source.run = isRun ? m_session.measured() : nullptr;
    source.explanation = isRun ? tr("run on %1").arg(QFileInfo(run->dataset).fileName()) : tr("as it was read");
    source.job = new TableJob(source.file, source.error, isRun ? run->dataset : QString(), isRun ? run->options : RunOptions(), this);
    connect(source.job, &TableJob::finished, this, [&source](const auto &table) { source.table = table; });
    connect(source.job, &TableJob::failed, this, [&source, isRun](const QString &message) {
        source.failure = message;
        if (source.isArchive() && !isRun)
            source.failure += QLatin1Char('\n') + tr("Press Run: then this archive is run, too, on the same samples.");
    });
    connect(source.job, &TableJob::ended, this, [this, &source] {
        drop(source);
        compare();
    });
}

void ComparePage::say(const QString &sentence)
{
    m_state->setText(sentence);
    m_model.set(nullptr);
    m_chart->setSentenceInstead(sentence);
    m_table->setSentenceInstead(sentence);
    m_metric->setEnabled(false);
    m_save->setEnabled(false);
    showLists();
}

void ComparePage::compare()
{
    if (!m_sides[Before] || !m_sides[After]) {
        say(m_session.subject() ? tr("Only one report is there. Choose what to compare it with: another report, or another archive (File, Compare with…; or drop it here).")
                                : tr("Open an archive or a report first."));
        return;
    }
    std::array<std::shared_ptr<const FigureTable>, kSides> tables;
    for (const Side side : {Before, After})
        tables[side] = tableOf(*m_sides[side]);
    for (const Side side : {Before, After})
        if (!tables[side]) {
            say(m_sides[side]->job ? tr("Reading %1…").arg(titleOf(*m_sides[side])) : m_sides[side]->failure);
            return;
        }
    const QString wanted = m_metric->currentText().isEmpty() ? QStringLiteral("rmse/scale") : m_metric->currentText();
    m_metric->clear();
    for (const std::string &column : comparableColumns(*tables[Before], *tables[After]))
        m_metric->addItem(plainText(column));
    if (m_metric->count() == 0) {
        say(tr("The two reports have no column of figures in common."));
        return;
    }
    const int at = m_metric->findText(wanted);
    m_metric->setCurrentIndex(at >= 0 ? at : std::max(0, m_metric->findText(QStringLiteral("rmse"))));
    m_metric->setEnabled(true);
    m_save->setEnabled(true);
    for (const Side side : {Before, After}) {
        const ShownReport shown = m_sides[side]->kind == Source::Kind::Measured   ? ShownReport(m_session.measured())
                                  : m_sides[side]->kind == Source::Kind::Archived ? ShownReport(m_session.subject()->archivedReport)
                                                                                  : ShownReport();
        m_keys[side].clear();
        for (int row = 0; row < shown.rowCount(); ++row)
            m_keys[side].push_back(shown.key(row));
    }
    m_model.set(std::make_shared<const Comparison>(compareTables(*tables[Before], *tables[After], m_metric->currentText().toStdString())));
    m_table->setSentenceInstead(tr("No row of this kind."));
    m_state->setText(basisText());
    showLists();
    showSelected();
}

/// What the comparison rests on, and what in it is not of the model.
QString ComparePage::basisText() const
{
    const Comparison &comparison = *m_model.comparison();
    QStringList parts;
    for (const Side side : {Before, After}) {
        const Source &source = *m_sides[side];
        const FigureTable &table = side == Before ? comparison.before : comparison.after;
        const QString error = kindText(table.error == name(ErrorKind::Accumulated) ? ErrorKind::Accumulated : ErrorKind::Local);
        parts << tr("%1: %2, %3").arg(side == Before ? tr("before") : tr("after"), error, source.kind == Source::Kind::File ? source.explanation : titleOf(source));
    }
    QString text = parts.join(QStringLiteral(" · ")) + QLatin1Char('.');
    if (comparison.before.error != comparison.after.error)
        text += QLatin1Char(' ') + tr("Local and accumulated errors do not compare.");
    if (m_sides[Before]->kind == Source::Kind::Archived && m_sides[After]->kind == Source::Kind::Measured)
        text += QLatin1Char(' ') + tr("It is the same model: what differs comes from kernels, samples, and state that is carried over.");
    return text;
}

void ComparePage::showLists()
{
    const auto &comparison = m_model.comparison();
    for (int list = 0; list < m_lists->count(); ++list) {
        const quantloupe::Change change = kLists[static_cast<std::size_t>(list)];
        const double rows = !comparison ? 0.0 : list == 0 ? static_cast<double>(comparison->rows.size()) : static_cast<double>(comparison->count(change));
        m_lists->setTabText(list, tr("%1 (%2)").arg(list == 0 ? tr("all") : changeText(change), countText(rows)));
        m_lists->setTabEnabled(list, list == 0 || rows > 0.0);
    }
    if (!m_lists->isTabEnabled(m_lists->currentIndex()))
        m_lists->setCurrentIndex(0);
}

void ComparePage::showList(int tab)
{
    if (tab <= 0)
        m_table->setFilter({});
    else
        m_table->setFilter([this, change = kLists[static_cast<std::size_t>(tab)]](int row) { return m_model.row(row).change == change; });
    showSelected();
}

void ComparePage::chooseRow(int row)
{
    const ComparedRow &pair = m_model.row(row);
    for (const auto &[side, at] : {std::pair{After, pair.after}, {Before, pair.before}})
        if (at >= 0 && static_cast<std::size_t>(at) < m_keys[side].size()) {
            m_selection.select(m_keys[side][static_cast<std::size_t>(at)]);
            break;
        }
    m_chart->lines().choose(row);
    m_table->choose(row);
}

void ComparePage::showSelected()
{
    int found = -1;
    for (int row = 0; row < m_model.rowCount() && found < 0; ++row) {
        const ComparedRow &pair = m_model.row(row);
        for (const auto &[side, at] : {std::pair{After, pair.after}, {Before, pair.before}})
            if (at >= 0 && static_cast<std::size_t>(at) < m_keys[side].size() && m_keys[side][static_cast<std::size_t>(at)] == m_selection.current())
                found = row;
    }
    if (found < 0 && m_keys[Before].empty() && m_keys[After].empty())
        return; // two files: the selection of the other pages says nothing of them
    m_chart->lines().choose(found);
    m_table->choose(found);
}

QList<QSplitter *> ComparePage::splitters() const
{
    return {m_columns};
}

void ComparePage::resetLayout()
{
    m_columns->setSizes({560, 580});
}

extern const PageSpec compare_page{"compare", Glyph::Slope, [] { return ComparePage::tr("Compare"); }, [] { return ComparePage::tr("Two reports or archives, before and after: what improved, what regressed"); },
                                   [](const PageContext &context, QWidget *parent) -> Page * { return new ComparePage(context.session, context.selection, parent); }};

} // namespace quantloupe::ui
