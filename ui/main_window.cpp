// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "change_command.h"
#include "charts/chart_panel.h"
#include "dropped_files.h"
#include "exports.h"
#include "jobs/open_job.h"
#include "jobs/run_job.h"
#include "pages/compare_page.h"
#include "pages/contents_page.h"
#include "pages/findings_page.h"
#include "pages/message_bar.h"
#include "pages/recent_entry.h"
#include "pages/report_bar.h"
#include "pages/run_bar.h"
#include "pages/start_page.h"
#include "pages/tensor_table_page.h"
#include "pages/tensors_page.h"
#include "text/figure_text.h"
#include "text/plain_text.h"
#include "models/report_text.h"
#include "workspace.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace quantloupe::ui {
namespace {

const QString kRandomDataset = QStringLiteral("random:100:1");

QString absolute(const QString &file)
{
    return QFileInfo(file).absoluteFilePath();
}

/// "name_debug.npz" beside "name.mltk.zip" or "name_variant.mltk.zip": of several the one whose name is most alike. Empty when
/// there is none.
QString debugDataBeside(const QString &archive)
{
    const QFileInfo info(archive);
    const QString wanted = info.fileName().section(QLatin1Char('.'), 0, 0) + QLatin1Char('_');
    const QString suffix = QStringLiteral("_debug.npz");
    QString best;
    for (const QString &name : info.absoluteDir().entryList({QLatin1Char('*') + suffix}, QDir::Files))
        if (wanted.startsWith(name.chopped(suffix.size()) + QLatin1Char('_')) && name.size() > best.size())
            best = name;
    return best.isEmpty() ? QString() : info.absoluteDir().filePath(best);
}

} // namespace

MainWindow::MainWindow(const WindowEnvironment &environment, QWidget *parent)
    : QMainWindow(parent), m_environment(environment), m_questions(*environment.filePicker, *environment.settings, *this), m_table(m_session), m_filter(m_table), m_messages(new MessageBar(this)), m_stack(new QStackedWidget(this)),
      m_start(new StartPage(*m_actions.openArchive, *m_actions.openPair, *m_actions.openSample, this)),
      m_workspace(new Workspace({m_session, m_selection, m_table, m_filter, m_evaluator}, m_actions, this)),
      m_exports(new Exports(m_session, *environment.settings, *environment.filePicker, *this)), m_rowCount(new QLabel(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Quantloupe"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    resize(1440, 900);
    addCentre();
    addDocks();
    m_menus = buildMenus(*this, m_actions, {m_contentsDock->toggleViewAction(), m_findingsDock->toggleViewAction()});
    m_exports->fillMenu(*m_menus.exportReport);
    // Shortcuts must work while a menu bar is hidden or merged into the desktop's.
    const auto all = m_actions.findChildren<QAction *>(Qt::FindDirectChildrenOnly);
    for (QAction *action : all)
        if (action != m_actions.copy)
            addAction(action);
    connectFileActions();
    connectViewActions();
    connectParts();
    connectUndo();
    m_firstLayout = saveState();
    restoreSettings();
    refreshActions();
}

MainWindow::~MainWindow() = default;

void MainWindow::addCentre()
{
    m_stack->setObjectName(QStringLiteral("pages"));
    m_stack->addWidget(m_start);
    m_stack->addWidget(m_workspace);
    auto *central = new QWidget(this);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
    layout->addWidget(m_stack, 1);
    setCentralWidget(central);
    statusBar()->setObjectName(QStringLiteral("statusBar"));
    m_rowCount->setObjectName(QStringLiteral("rowCount"));
    m_rowCount->setTextFormat(Qt::PlainText);
    m_rowCount->setContentsMargins(0, 0, 6, 0);
    statusBar()->addPermanentWidget(m_rowCount);
    // A file dropped on a text field is still a file for the window.
    const auto fields = findChildren<QLineEdit *>();
    for (QLineEdit *field : fields)
        field->setAcceptDrops(false);
}

QDockWidget *MainWindow::addDock(const char *name, const QString &title, QWidget *widget)
{
    auto *dock = new QDockWidget(title, this);
    dock->setObjectName(QString::fromLatin1(name));
    dock->setWidget(widget);
    dock->toggleViewAction()->setObjectName(QString::fromLatin1(name) + QStringLiteral("Toggle"));
    addDockWidget(Qt::LeftDockWidgetArea, dock);
    return dock;
}

void MainWindow::addDocks()
{
    m_contentsDock = addDock("contentsDock", tr("Contents"), new ContentsPage(m_session, this));
    m_findingsDock = addDock("findingsDock", tr("Findings"), new FindingsPage(m_session, m_selection, this));
    for (QDockWidget *dock : {m_contentsDock, m_findingsDock})
        dock->hide();
}

void MainWindow::connectFileActions()
{
    connect(m_actions.openArchive, &QAction::triggered, this, [this] { m_questions.archive([this](const QStringList &files) { openFiles(files); }); });
    connect(m_actions.openPair, &QAction::triggered, this, [this] { m_questions.pair([this](const QStringList &files) { openFiles(files); }); });
    connect(m_actions.openSample, &QAction::triggered, this, [this] { openFiles({m_environment.sample}); });
    connect(m_actions.openDataset, &QAction::triggered, this, [this] { m_questions.dataset([this](const QStringList &files) { setDataset(files.value(0)); }); });
    connect(m_actions.compareWith, &QAction::triggered, this, &MainWindow::askForComparison);
    connect(m_actions.reload, &QAction::triggered, this, [this] { openFiles(m_files); });
    connect(m_actions.saveChart, &QAction::triggered, this, [this] { m_exports->askWhereToSave(m_workspace->chartInFocus()); });
    connect(m_actions.closeWindow, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.quit, &QAction::triggered, qApp, &QApplication::closeAllWindows);
    connect(m_actions.copy, &QAction::triggered, this, [this] { tensorsPage().table().copySelected(); });
    connect(m_actions.run, &QAction::triggered, this, &MainWindow::run);
    connect(m_actions.cancel, &QAction::triggered, this, &MainWindow::cancel);
    connect(m_start, &StartPage::recentChosen, this, [this](const QString &entry) { openFiles(RecentEntry::of(entry).files); });
    connect(m_start, &StartPage::recentRemoved, this, [this](const QString &entry) {
        m_environment.settings->forget(QStringLiteral("recent/subjects"), entry);
        refreshRecent();
    });
}

void MainWindow::connectViewActions()
{
    connect(m_actions.find, &QAction::triggered, this, [this] {
        QLineEdit *ofPage = m_workspace->currentPage().searchField();
        QLineEdit &field = ofPage ? *ofPage : m_workspace->reportBar().filter();
        field.setFocus(Qt::ShortcutFocusReason);
        field.selectAll();
    });
    connect(m_actions.worst, &QAction::triggered, this, [this] { selectRow(m_session.shown().worstRow()); });
    connect(m_actions.showArchived, &QAction::triggered, this, [this] { m_session.show(ReportSource::Archived); });
    connect(m_actions.showMeasured, &QAction::triggered, this, [this] { m_session.show(ReportSource::Measured); });
    connect(m_actions.showLocal, &QAction::triggered, this, [this] { m_session.setKinds(ShownKinds::Local); });
    connect(m_actions.showAccumulated, &QAction::triggered, this, [this] { m_session.setKinds(ShownKinds::Accumulated); });
    connect(m_actions.showBoth, &QAction::triggered, this, [this] { m_session.setKinds(ShownKinds::Both); });
    connect(m_actions.themeSystem, &QAction::triggered, this, [this] { setTheme(Theme::System); });
    connect(m_actions.themeLight, &QAction::triggered, this, [this] { setTheme(Theme::Light); });
    connect(m_actions.themeDark, &QAction::triggered, this, [this] { setTheme(Theme::Dark); });
    connect(m_actions.fullScreen, &QAction::toggled, this, [this](bool isOn) { isOn ? showFullScreen() : showNormal(); });
    connect(m_actions.nextPane, &QAction::triggered, this, &MainWindow::focusNextPane);
    connect(m_actions.resetLayout, &QAction::triggered, this, [this] {
        m_environment.settings->clearLayouts();
        restoreState(m_firstLayout);
        m_workspace->resetLayout();
        m_areDocksPlaced = false;
        if (m_session.subject())
            showDocks();
    });
    connect(m_actions.about, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::connectUndo()
{
    connect(m_workspace, &Workspace::changed, this, [this](const Change &change) { m_undo.push(new ChangeCommand(change)); });
    connect(&m_workspace->reportBar().filter(), &QLineEdit::editingFinished, this, &MainWindow::noteFilter);
    connect(m_actions.undo, &QAction::triggered, &m_undo, &QUndoStack::undo);
    connect(m_actions.redo, &QAction::triggered, &m_undo, &QUndoStack::redo);
    const auto refresh = [this] {
        m_actions.undo->setEnabled(m_undo.canUndo());
        m_actions.redo->setEnabled(m_undo.canRedo());
        m_actions.undo->setText(m_undo.canUndo() ? tr("&Undo: %1").arg(m_undo.undoText()) : tr("&Undo"));
        m_actions.redo->setText(m_undo.canRedo() ? tr("&Redo: %1").arg(m_undo.redoText()) : tr("&Redo"));
    };
    connect(&m_undo, &QUndoStack::indexChanged, this, refresh);
    refresh();
}

/// A filter is one change when it is done, not one a letter.
void MainWindow::noteFilter()
{
    QLineEdit &filter = m_workspace->reportBar().filter();
    if (filter.text() == m_filterBefore)
        return;
    const auto set = [this, &filter](const QString &text) {
        m_filterBefore = text;
        filter.setText(text);
    };
    m_undo.push(new ChangeCommand({tr("filter"), [set, before = m_filterBefore] { set(before); }, [set, after = filter.text()] { set(after); }}));
    m_filterBefore = filter.text();
}

void MainWindow::connectParts()
{
    QLineEdit &filter = m_workspace->reportBar().filter();
    connect(&filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_workspace->reportBar().showFilterError(m_filter.setFilterText(text));
        refreshRowCount();
    });
    connect(&m_session, &Session::shownChanged, this, &MainWindow::refreshActions);
    connect(&m_session, &Session::sourcesChanged, this, &MainWindow::refreshActions);
    connect(m_workspace, &Workspace::said, this, &MainWindow::say);
    connect(m_workspace, &Workspace::textToSave, m_exports, &Exports::askWhereToWrite);
    connect(&m_workspace->page<ComparePage>(), &ComparePage::fileRequested, this,
            [this](const FileTaker &then) { m_questions.comparison([then](const QStringList &files) { then(files.value(0)); }); });
    connect(m_workspace, &Workspace::saveChartRequested, this, [this](ChartPanel *panel) { m_exports->askWhereToSave(*panel); });
    connect(m_workspace, &Workspace::copyChartRequested, this, [this](ChartPanel *panel) { m_exports->copy(*panel); });
    connect(m_exports, &Exports::said, this, &MainWindow::say);
    connect(m_exports, &Exports::copied, this, [this] { statusBar()->showMessage(tr("Chart copied"), 3000); });
}

void MainWindow::askForComparison()
{
    m_questions.comparison([this](const QStringList &files) {
        showPage(QStringLiteral("compare"));
        m_workspace->page<ComparePage>().compareWith(files.value(0));
    });
}

RunBar &MainWindow::runBar() const
{
    return m_workspace->runBar();
}

TensorsPage &MainWindow::tensorsPage() const
{
    return m_workspace->page<TensorsPage>();
}

QStringList MainWindow::pageNames()
{
    QStringList names;
    for (const PageSpec *spec : pageSpecs())
        names << QString::fromLatin1(spec->name);
    return names << QStringLiteral("start");
}

void MainWindow::showPage(const QString &name)
{
    if (name == QLatin1String("start")) {
        m_stack->setCurrentWidget(m_start);
        return;
    }
    if (m_session.subject())
        m_stack->setCurrentWidget(m_workspace);
    m_workspace->showPage(name);
}

void MainWindow::openFiles(const QStringList &files)
{
    const DroppedFiles dropped = sorted(files);
    if (!dropped.complaint.isEmpty()) {
        say(Severity::Warning, dropped.complaint);
        emit openEnded(false);
        return;
    }
    if (!dropped.dataset.isEmpty())
        setDataset(dropped.dataset);
    if (dropped.subject.isEmpty()) {
        if (!m_session.subject() && !dropped.dataset.isEmpty())
            say(Severity::Note, tr("%1 will be used as dataset: now open an archive or a pair of models.").arg(QFileInfo(dropped.dataset).fileName()));
        emit openEnded(false);
        return;
    }
    if (m_openJob)
        m_openJob->abandon();
    m_pendingDataset = dropped.dataset;
    statusBar()->showMessage(tr("Opening %1…").arg(QFileInfo(dropped.subject.front()).fileName()));
    m_openJob = new OpenJob(dropped.subject, this);
    connect(m_openJob, &OpenJob::opened, this, [this, dropped](std::shared_ptr<const Subject> subject) {
        take(std::move(subject), dropped);
        endOpening(true);
    });
    connect(m_openJob, &OpenJob::failed, this, [this](const QString &message) {
        say(Severity::Problem, message);
        endOpening(false);
    });
}

void MainWindow::endOpening(bool isOpen)
{
    m_openJob->abandon();
    m_openJob = nullptr;
    statusBar()->clearMessage();
    emit openEnded(isOpen);
}

/// A report of the model that is open is joined to it; anything else stands in its place.
void MainWindow::take(std::shared_ptr<const Subject> subject, const DroppedFiles &given)
{
    if (m_session.joins(*subject) && given.before.isEmpty()) {
        m_session.setReportTable(subject->archivedReport);
        selectRow(m_session.shown().worstRow());
        say(Severity::Note, tr("%1 is joined to the open model: %2 of its %3 rows by more than their order. Reload brings back what was open.")
                                .arg(QFileInfo(given.subject.front()).fileName(), countText(m_session.shown().surelyJoined()), countText(m_session.shown().rowCount())));
        return;
    }
    showSubject(std::move(subject), given.subject);
    if (given.before.isEmpty())
        return;
    showPage(QStringLiteral("compare"));
    m_workspace->page<ComparePage>().compareWith(given.before);
}

void MainWindow::showSubject(std::shared_ptr<const Subject> subject, const QStringList &files)
{
    if (m_runJob)
        endRun(nullptr, false);
    m_messages->hide();
    m_files.clear();
    for (const QString &file : files)
        m_files << absolute(file);
    m_undo.clear(); // columns of another report are other columns
    m_selection.clear();
    m_session.setSubject(std::move(subject));
    m_stack->setCurrentWidget(m_workspace);
    showDocks();
    setWindowFilePath(m_files.front());
    setWindowTitle(tr("%1 — Quantloupe").arg(subjectTitle(*m_session.subject())));
    proposeDataset(m_files);
    runBar().setFeedback({});
    runBar().offerFeedback(m_session.subject()->quantizedModel && m_session.subject()->quantizedModel->main().inputs.size() > 1);
    selectRow(m_session.shown().worstRow());
    m_environment.settings->remember(QStringLiteral("recent/subjects"), m_files.join(QLatin1Char('\n')));
    m_environment.settings->setText(QStringLiteral("folder"), QFileInfo(m_files.front()).absolutePath());
    refreshRecent();
    tensorsPage().table().setFocus();
}

void MainWindow::showDocks()
{
    if (m_areDocksPlaced)
        return;
    m_areDocksPlaced = true;
    const QByteArray state = m_environment.settings->layout(QStringLiteral("window"));
    if (!state.isEmpty() && restoreState(state))
        return;
    m_contentsDock->show(); // the overview has the findings; the pane beside any page is one click away
    resizeDocks({m_contentsDock}, {300}, Qt::Horizontal);
    resizeDocks({m_contentsDock, m_findingsDock}, {400, 360}, Qt::Vertical);
}

void MainWindow::proposeDataset(const QStringList &files)
{
    if (!m_pendingDataset.isEmpty())
        return;
    if (const QString beside = debugDataBeside(files.front()); !beside.isEmpty())
        setDataset(beside);
    else if (runBar().dataset().isEmpty() || runBar().dataset().endsWith(QLatin1String("_debug.npz")))
        setDataset(kRandomDataset);
}

void MainWindow::setDataset(const QString &dataset)
{
    if (!dataset.isEmpty())
        runBar().setDataset(QFileInfo::exists(dataset) ? QDir::toNativeSeparators(absolute(dataset)) : dataset);
}

void MainWindow::run()
{
    if (m_runJob || !m_session.subject())
        return;
    if (const auto why = m_session.subject()->whyNotComparable()) {
        say(Severity::Warning, plainText(why->message()));
        emit runEnded(false);
        return;
    }
    RunOptions options = runBar().options();
    auto feedback = Feedback::parse(runBar().feedback(), m_session.subject()->quantizedModel->main());
    if (!feedback) {
        say(Severity::Warning, plainText(feedback.error().message()));
        emit runEnded(false);
        return;
    }
    options.feedback = std::move(*feedback);
    m_messages->hide();
    const QString dataset = runBar().dataset().isEmpty() ? kRandomDataset : runBar().dataset();
    m_environment.settings->remember(QStringLiteral("recent/datasets"), dataset);
    m_run = {dataset, options, {}};
    m_runJob = new RunJob(m_session.subject(), dataset, m_run.options, this);
    connect(m_runJob, &RunJob::datasetOpened, this, [this](std::shared_ptr<const Dataset> opened) { m_run.data = std::move(opened); });
    connect(m_runJob, &RunJob::progressed, &runBar(), &RunBar::showProgress);
    connect(m_runJob, &RunJob::partialReady, this, [this](std::shared_ptr<const Report> report) {
        const bool isFirst = !m_session.measured() || !m_session.measured()->isPartial;
        m_session.setMeasured(std::move(report), m_run);
        if (isFirst)
            m_session.show(ReportSource::Measured);
    });
    connect(m_runJob, &RunJob::finished, this, [this](std::shared_ptr<const Report> report) { endRun(std::move(report), true); });
    connect(m_runJob, &RunJob::cancelled, this, [this](std::shared_ptr<const Report> report) { endRun(std::move(report), false); });
    connect(m_runJob, &RunJob::failed, this, [this](const QString &message) {
        say(Severity::Problem, message);
        endRun(nullptr, false);
    });
    runBar().showRunning(true);
    refreshActions();
}

void MainWindow::endRun(std::shared_ptr<const Report> report, bool isWhole)
{
    const bool isMeasured = report && report->samples > 0;
    m_runJob->abandon();
    m_runJob = nullptr;
    runBar().showRunning(false);
    if (isMeasured) {
        m_session.setMeasured(report, m_run);
        m_session.show(ReportSource::Measured);
        if (m_session.shown().find(m_selection.current()) < 0)
            selectRow(m_session.shown().worstRow());
        statusBar()->showMessage(isWhole ? tr("Done.") : tr("Stopped: the figures rest on %1 samples.").arg(countText(static_cast<double>(report->samples))), 8000);
    }
    refreshActions();
    emit runEnded(isMeasured);
}

void MainWindow::cancel()
{
    if (!m_runJob)
        return;
    m_runJob->cancel();
    m_actions.cancel->setEnabled(false);
    statusBar()->showMessage(tr("Stopping…"));
}

void MainWindow::selectRow(int row)
{
    if (row >= 0 && row < m_session.shown().rowCount())
        m_selection.select(m_session.shown().key(row));
}

void MainWindow::setTheme(Theme theme)
{
    applyTheme(theme);
    m_environment.settings->setText(QStringLiteral("theme"), themeName(theme));
    QAction *actions[] = {m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark};
    actions[static_cast<std::size_t>(theme)]->setChecked(true);
}

void MainWindow::say(Severity severity, const QString &text)
{
    m_messages->showMessage(severity, text);
}

void MainWindow::refreshRecent()
{
    const QStringList entries = m_environment.settings->list(QStringLiteral("recent/subjects"));
    m_start->setRecent(entries);
    runBar().setDatasetChoices(m_environment.settings->list(QStringLiteral("recent/datasets")));
    m_menus.recent->clear();
    m_menus.recent->setEnabled(!entries.isEmpty());
    for (int i = 0; i < static_cast<int>(entries.size()); ++i) {
        const RecentEntry entry = RecentEntry::of(entries[i]);
        QAction *action = m_menus.recent->addAction(QStringLiteral("&%1  %2").arg(i + 1).arg(entry.title().replace(QLatin1Char('&'), QLatin1String("&&"))));
        action->setObjectName(QStringLiteral("recent%1").arg(i + 1));
        action->setStatusTip(entry.folder());
        action->setEnabled(entry.exists());
        if (i < 9)
            action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)));
        connect(action, &QAction::triggered, this, [this, entry] { openFiles(entry.files); });
    }
}

void MainWindow::refreshActions()
{
    const auto &subject = m_session.subject();
    const ShownReport &shown = m_session.shown();
    const bool hasBoth = shown.has(ErrorKind::Local) && shown.has(ErrorKind::Accumulated);
    m_actions.openSample->setEnabled(!m_environment.sample.isEmpty());
    m_actions.reload->setEnabled(!m_files.isEmpty());
    m_actions.run->setEnabled(subject && !m_runJob && !subject->whyNotComparable());
    m_actions.cancel->setEnabled(m_runJob && !m_runJob->isCancelled());
    m_actions.saveChart->setEnabled(!shown.isEmpty());
    m_actions.compareWith->setEnabled(subject != nullptr);
    m_actions.copy->setEnabled(!shown.isEmpty());
    m_actions.worst->setEnabled(!shown.isEmpty());
    m_actions.showArchived->setEnabled(m_session.has(ReportSource::Archived));
    m_actions.showMeasured->setEnabled(m_session.has(ReportSource::Measured));
    (m_session.source() == ReportSource::Archived ? m_actions.showArchived : m_actions.showMeasured)->setChecked(true);
    for (QAction *action : {m_actions.showLocal, m_actions.showAccumulated, m_actions.showBoth})
        action->setEnabled(hasBoth);
    const ShownKinds kinds = m_session.kinds();
    (kinds == ShownKinds::Local ? m_actions.showLocal : kinds == ShownKinds::Accumulated ? m_actions.showAccumulated : m_actions.showBoth)->setChecked(true);
    m_contentsDock->toggleViewAction()->setEnabled(subject != nullptr);
    m_findingsDock->toggleViewAction()->setEnabled(subject != nullptr);
    refreshRowCount();
}

void MainWindow::refreshRowCount()
{
    m_rowCount->setText(m_session.shown().isEmpty() ? QString() : tr("Rows: %1 of %2").arg(countText(m_filter.rowCount()), countText(m_table.rowCount())));
}

void MainWindow::restoreSettings()
{
    const Settings &settings = *m_environment.settings;
    if (const QByteArray geometry = settings.layout(QStringLiteral("geometry")); !geometry.isEmpty())
        restoreGeometry(geometry);
    m_workspace->restoreLayout(settings);
    const Theme theme = themeNamed(settings.text(QStringLiteral("theme"))).value_or(Theme::System);
    QAction *actions[] = {m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark};
    actions[static_cast<std::size_t>(theme)]->setChecked(true);
    refreshRecent();
}

void MainWindow::focusNextPane()
{
    const QList<QWidget *> panes = QList<QWidget *>{m_contentsDock->widget(), m_findingsDock->widget()} + m_workspace->panes();
    qsizetype at = -1;
    for (qsizetype i = 0; i < panes.size(); ++i)
        if (panes[i] == QApplication::focusWidget() || panes[i]->isAncestorOf(QApplication::focusWidget()))
            at = i;
    for (qsizetype i = 1; i <= panes.size(); ++i) {
        QWidget *pane = panes[(at + i) % panes.size()];
        if (!pane->isVisible())
            continue;
        QWidget *first = pane->focusPolicy() == Qt::NoFocus ? pane->nextInFocusChain() : pane;
        first->setFocus(Qt::ShortcutFocusReason);
        return;
    }
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Quantloupe"),
                                tr("Quantloupe %1\n\nShows where, how much and why a quantized TensorFlow Lite model departs from its float original.\n\n"
                                   "Licence: GPL-3.0-or-later. No network, no Python, nothing in a model is ever executed but its operators.")
                                    .arg(QCoreApplication::applicationVersion()),
                                QMessageBox::Close, this);
    box->setObjectName(QStringLiteral("aboutBox"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(windowIcon().pixmap(QSize(64, 64)));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    const QStringList files = localFiles(*event->mimeData());
    if (m_stack->currentWidget() != m_workspace || !m_workspace->currentPage().takeDroppedFiles(files))
        openFiles(files);
}

bool MainWindow::event(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_menus.recent)
        refreshRecent();
    return QMainWindow::event(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_session.subject()) {
        Settings &settings = *m_environment.settings;
        settings.setLayout(QStringLiteral("geometry"), saveGeometry());
        settings.setLayout(QStringLiteral("window"), saveState());
        m_workspace->saveLayout(settings);
    }
    cancel();
    event->accept();
}

} // namespace quantloupe::ui
