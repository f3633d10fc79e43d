// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include "charts/chart_panel.h"
#include "charts/operator_chart.h"
#include "dropped_files.h"
#include "export/chart_file.h"
#include "export/table_csv.h"
#include "style/icons.h"
#include "jobs/open_job.h"
#include "jobs/run_job.h"
#include "pages/contents_page.h"
#include "pages/findings_page.h"
#include "pages/message_bar.h"
#include "pages/recent_entry.h"
#include "pages/report_bar.h"
#include "pages/run_bar.h"
#include "pages/start_page.h"
#include "pages/tensor_page.h"
#include "pages/tensor_table_page.h"
#include "pages/tensors_page.h"
#include "report/export.h"
#include "text/figure_text.h"
#include "text/plain_text.h"
#include "models/report_text.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
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
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace quantloupe::ui {
namespace {

const QString kRandomDataset = QStringLiteral("random:100:1");

QFrame *rule(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Mid);
    line->setFrameShadow(QFrame::Plain);
    line->setFixedHeight(1);
    return line;
}

QString absolute(const QString &file)
{
    return QFileInfo(file).absoluteFilePath();
}

} // namespace

MainWindow::MainWindow(const WindowEnvironment &environment, QWidget *parent)
    : QMainWindow(parent), m_environment(environment), m_table(m_session), m_filter(m_table), m_messages(new MessageBar(this)), m_stack(new QStackedWidget(this)),
      m_start(new StartPage(*m_actions.openArchive, *m_actions.openPair, *m_actions.openSample, this)), m_workspace(new QWidget(this)),
      m_runBar(new RunBar(*m_actions.run, *m_actions.cancel, *m_actions.openDataset, this)), m_reportBar(new ReportBar(m_session, this)),
      m_tensorsPage(new TensorsPage(m_session, m_selection, m_table, m_filter, this)), m_tensorPage(new TensorPage(m_session, m_selection, this)),
      m_pages(new QTabWidget(this)), m_rowCount(new QLabel(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Quantloupe"));
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    resize(1440, 900);
    addWorkspace();
    addDocks();
    m_menus = buildMenus(*this, m_actions, {m_contentsDock->toggleViewAction(), m_findingsDock->toggleViewAction()});
    addExportActions();
    // Shortcuts must work while a menu bar is hidden or merged into the desktop's.
    const auto all = m_actions.findChildren<QAction *>(Qt::FindDirectChildrenOnly);
    for (QAction *action : all)
        if (action != m_actions.copy)
            addAction(action);
    connectFileActions();
    connectViewActions();
    connectPages();
    m_firstLayout = saveState();
    restoreSettings();
    refreshActions();
}

MainWindow::~MainWindow() = default;

void MainWindow::addWorkspace()
{
    m_stack->setObjectName(QStringLiteral("pages"));
    auto *workspace = new QVBoxLayout(m_workspace);
    workspace->setContentsMargins(0, 0, 0, 0);
    workspace->setSpacing(0);
    workspace->addWidget(m_runBar);
    workspace->addWidget(rule(m_workspace));
    workspace->addWidget(m_reportBar);
    m_pages->setObjectName(QStringLiteral("workspacePages"));
    m_pages->setAccessibleName(tr("Pages"));
    m_pages->setDocumentMode(true);
    m_pages->tabBar()->setObjectName(QStringLiteral("workspaceTabs"));
    m_pages->tabBar()->setAccessibleName(tr("Pages"));
    m_pages->addTab(m_tensorsPage, icon(Glyph::Table), tr("All tensors"));
    m_pages->addTab(m_tensorPage, icon(Glyph::Chart), tr("Selected tensor"));
    workspace->addWidget(m_pages, 1);
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

void MainWindow::addExportActions()
{
    for (const Exporter *exporter : exporters()) {
        const QString name = plainText(exporter->name);
        QAction *action = m_menus.exportReport->addAction(tr("%1: %2…").arg(name.toUpper(), plainText(exporter->description)));
        action->setObjectName(QStringLiteral("export") + name);
        connect(action, &QAction::triggered, this, [this, exporter] { askWhereToExport(*exporter); });
    }
}

void MainWindow::connectFileActions()
{
    connect(m_actions.openArchive, &QAction::triggered, this, &MainWindow::askForArchive);
    connect(m_actions.openPair, &QAction::triggered, this, &MainWindow::askForPair);
    connect(m_actions.openSample, &QAction::triggered, this, [this] { openFiles({m_environment.sample}); });
    connect(m_actions.openDataset, &QAction::triggered, this, &MainWindow::askForDataset);
    connect(m_actions.reload, &QAction::triggered, this, [this] { openFiles(m_files); });
    connect(m_actions.saveChart, &QAction::triggered, this, [this] { askWhereToSaveChart(chartInFocus()); });
    connect(m_actions.closeWindow, &QAction::triggered, this, &QWidget::close);
    connect(m_actions.quit, &QAction::triggered, qApp, &QApplication::closeAllWindows);
    connect(m_actions.copy, &QAction::triggered, this, [this] { m_tensorsPage->table().copySelected(); });
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
        m_reportBar->filter().setFocus(Qt::ShortcutFocusReason);
        m_reportBar->filter().selectAll();
    });
    connect(m_actions.worst, &QAction::triggered, this, [this] { selectRow(m_session.shown().worstRow()); });
    connect(m_actions.showArchived, &QAction::triggered, this, [this] { m_session.show(ReportSource::Archived); });
    connect(m_actions.showMeasured, &QAction::triggered, this, [this] { m_session.show(ReportSource::Measured); });
    connect(m_actions.showLocal, &QAction::triggered, this, [this] { m_session.setKinds(ShownKinds::Local); });
    connect(m_actions.showAccumulated, &QAction::triggered, this, [this] { m_session.setKinds(ShownKinds::Accumulated); });
    connect(m_actions.showBoth, &QAction::triggered, this, [this] { m_session.setKinds(ShownKinds::Both); });
    connect(m_actions.logarithmic, &QAction::toggled, this, [this](bool isOn) { m_tensorsPage->operatorChart().setLogarithmic(isOn); });
    connect(m_tensorsPage->operatorChart().logButton(), &QToolButton::toggled, m_actions.logarithmic, &QAction::setChecked);
    connect(m_actions.themeSystem, &QAction::triggered, this, [this] { setTheme(Theme::System); });
    connect(m_actions.themeLight, &QAction::triggered, this, [this] { setTheme(Theme::Light); });
    connect(m_actions.themeDark, &QAction::triggered, this, [this] { setTheme(Theme::Dark); });
    connect(m_actions.fullScreen, &QAction::toggled, this, [this](bool isOn) { isOn ? showFullScreen() : showNormal(); });
    connect(m_actions.nextPane, &QAction::triggered, this, &MainWindow::focusNextPane);
    connect(m_actions.resetLayout, &QAction::triggered, this, [this] {
        m_environment.settings->clearLayouts();
        restoreState(m_firstLayout);
        m_tensorsPage->resetLayout();
        m_areDocksPlaced = false;
        if (m_session.subject())
            showDocks();
    });
    connect(m_actions.about, &QAction::triggered, this, &MainWindow::showAbout);
}

void MainWindow::connectPages()
{
    connect(&m_reportBar->filter(), &QLineEdit::textChanged, this, [this](const QString &text) {
        m_reportBar->showFilterError(m_filter.setFilterText(text));
        refreshRowCount();
    });
    connect(&m_session, &Session::shownChanged, this, &MainWindow::refreshActions);
    connect(&m_session, &Session::sourcesChanged, this, &MainWindow::refreshActions);
    for (ChartPanel *chart : charts()) {
        connect(chart, &ChartPanel::saveRequested, this, [this](ChartPanel *panel) { askWhereToSaveChart(*panel); });
        connect(chart, &ChartPanel::copyRequested, this, [this](ChartPanel *panel) { copyChart(*panel); });
    }
}

void MainWindow::askForArchive()
{
    m_environment.filePicker->open(*this, {tr("Open archive"), {subjectFilter(), tr("All files (*)")}, m_environment.settings->text(QStringLiteral("folder")), true},
                                   [this](const QStringList &files) { openFiles(files); });
}

void MainWindow::askForPair()
{
    m_environment.filePicker->open(*this, {tr("Open the float and the quantized model"), {subjectFilter(), tr("All files (*)")}, m_environment.settings->text(QStringLiteral("folder")), true},
                                   [this](const QStringList &files) { files.size() == 1 ? askForSecondOfPair(files.front()) : openFiles(files); });
}

void MainWindow::askForSecondOfPair(const QString &first)
{
    m_environment.filePicker->open(*this, {tr("Open the model that belongs to %1").arg(QFileInfo(first).fileName()), {subjectFilter(), tr("All files (*)")}, QFileInfo(first).absolutePath(), false},
                                   [this, first](const QStringList &files) { openFiles(QStringList{first} + files); });
}

void MainWindow::askForDataset()
{
    m_environment.filePicker->open(*this, {tr("Choose a debug dataset"), {datasetFilter(), tr("All files (*)")}, m_environment.settings->text(QStringLiteral("folder")), false},
                                   [this](const QStringList &files) { setDataset(files.value(0)); });
}

void MainWindow::askWhereToExport(const Exporter &exporter)
{
    const auto report = m_session.shown().report();
    const auto table = m_session.shown().table();
    const QString stem = m_session.subject() ? subjectTitle(*m_session.subject()) : QStringLiteral("report");
    const QString suffix = plainText(exporter.suffix);
    const ErrorKind kind = m_session.kind();
    m_environment.filePicker->save(*this, {tr("Export report"), {tr("%1 (*%2)").arg(plainText(exporter.description), suffix)}, QDir(m_environment.settings->text(QStringLiteral("folder"))).filePath(stem + QStringLiteral("_report") + suffix), false},
                                   [this, report, table, kind, write = exporter.text](const QStringList &files) {
                                       const auto done = writeWhole(pathOf(files.value(0)), report ? write(*report, kind) : csvText(*table));
                                       done ? say(Severity::Note, tr("Report written to %1").arg(files.value(0))) : say(Severity::Problem, plainText(done.error().message()));
                                   });
}

void MainWindow::askWhereToSaveChart(ChartPanel &panel)
{
    QStringList filters;
    for (const ChartFormat &format : chartFormats())
        filters << tr("%1 (*.%2)").arg(format.description, format.suffix);
    const QString stem = (m_session.subject() ? subjectTitle(*m_session.subject()) + QLatin1Char('-') : QString()) + panel.fileStem();
    m_environment.filePicker->save(*this, {tr("Save chart"), filters, QDir(m_environment.settings->text(QStringLiteral("folder"))).filePath(stem + QStringLiteral(".png")), false},
                                   [this, chart = QPointer(&panel)](const QStringList &files) {
                                       if (!chart)
                                           return;
                                       const QString error = writeChart(*chart, basis(), files.value(0));
                                       error.isEmpty() ? say(Severity::Note, tr("Chart written to %1").arg(files.value(0))) : say(Severity::Problem, error);
                                   });
}

void MainWindow::copyChart(ChartPanel &panel)
{
    QGuiApplication::clipboard()->setImage(chartImage(panel, basis()));
    statusBar()->showMessage(tr("Chart copied"), 3000);
}

QList<ChartPanel *> MainWindow::charts() const
{
    return m_tensorsPage->charts() + m_tensorPage->charts();
}

QStringList MainWindow::pageNames()
{
    return {QStringLiteral("tensors"), QStringLiteral("tensor"), QStringLiteral("start")};
}

void MainWindow::showPage(const QString &name)
{
    if (name == QLatin1String("start"))
        m_stack->setCurrentWidget(m_start);
    else if (const auto page = pageNames().indexOf(name); page >= 0)
        m_pages->setCurrentIndex(static_cast<int>(page));
}

ChartPanel &MainWindow::chartInFocus() const
{
    for (ChartPanel *chart : charts())
        if (chart->isAncestorOf(QApplication::focusWidget()))
            return *chart;
    return m_pages->currentWidget() == m_tensorPage ? *m_tensorPage->charts().front() : m_tensorsPage->operatorChart();
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
    connect(m_openJob, &OpenJob::opened, this, [this, given = dropped.subject](std::shared_ptr<const Subject> subject) {
        showSubject(std::move(subject), given);
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

void MainWindow::showSubject(std::shared_ptr<const Subject> subject, const QStringList &files)
{
    if (m_runJob)
        endRun(nullptr, false);
    m_messages->hide();
    m_files.clear();
    for (const QString &file : files)
        m_files << absolute(file);
    m_selection.clear();
    m_session.setSubject(std::move(subject));
    m_stack->setCurrentWidget(m_workspace);
    showDocks();
    setWindowFilePath(m_files.front());
    setWindowTitle(tr("%1 — Quantloupe").arg(subjectTitle(*m_session.subject())));
    proposeDataset(m_files);
    selectRow(m_session.shown().worstRow());
    m_environment.settings->remember(QStringLiteral("recent/subjects"), m_files.join(QLatin1Char('\n')));
    m_environment.settings->setText(QStringLiteral("folder"), QFileInfo(m_files.front()).absolutePath());
    refreshRecent();
    m_tensorsPage->table().setFocus();
}

void MainWindow::showDocks()
{
    if (m_areDocksPlaced)
        return;
    m_areDocksPlaced = true;
    const QByteArray state = m_environment.settings->layout(QStringLiteral("window"));
    if (!state.isEmpty() && restoreState(state))
        return;
    for (QDockWidget *dock : {m_contentsDock, m_findingsDock})
        dock->show();
    resizeDocks({m_contentsDock}, {300}, Qt::Horizontal);
    resizeDocks({m_contentsDock, m_findingsDock}, {400, 360}, Qt::Vertical);
}

void MainWindow::proposeDataset(const QStringList &files)
{
    if (!m_pendingDataset.isEmpty())
        return;
    // "name.mltk.zip" and "name_debug.npz" side by side belong together.
    const QFileInfo archive(files.front());
    const QString beside = archive.absoluteDir().filePath(archive.fileName().section(QLatin1Char('.'), 0, 0) + QStringLiteral("_debug.npz"));
    if (QFileInfo::exists(beside))
        setDataset(beside);
    else if (m_runBar->dataset().isEmpty() || m_runBar->dataset().endsWith(QLatin1String("_debug.npz")))
        setDataset(kRandomDataset);
}

void MainWindow::setDataset(const QString &dataset)
{
    if (!dataset.isEmpty())
        m_runBar->setDataset(QFileInfo::exists(dataset) ? QDir::toNativeSeparators(absolute(dataset)) : dataset);
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
    m_messages->hide();
    const QString dataset = m_runBar->dataset().isEmpty() ? kRandomDataset : m_runBar->dataset();
    m_environment.settings->remember(QStringLiteral("recent/datasets"), dataset);
    m_runJob = new RunJob(m_session.subject(), dataset, m_runBar->options(), this);
    connect(m_runJob, &RunJob::progressed, m_runBar, &RunBar::showProgress);
    connect(m_runJob, &RunJob::partialReady, this, [this](std::shared_ptr<const Report> report) {
        const bool isFirst = !m_session.measured() || !m_session.measured()->isPartial;
        m_session.setMeasured(std::move(report));
        if (isFirst)
            m_session.show(ReportSource::Measured);
    });
    connect(m_runJob, &RunJob::finished, this, [this](std::shared_ptr<const Report> report) { endRun(std::move(report), true); });
    connect(m_runJob, &RunJob::cancelled, this, [this](std::shared_ptr<const Report> report) { endRun(std::move(report), false); });
    connect(m_runJob, &RunJob::failed, this, [this](const QString &message) {
        say(Severity::Problem, message);
        endRun(nullptr, false);
    });
    m_runBar->showRunning(true);
    refreshActions();
}

void MainWindow::endRun(std::shared_ptr<const Report> report, bool isWhole)
{
    const bool isMeasured = report && report->samples > 0;
    m_runJob->abandon();
    m_runJob = nullptr;
    m_runBar->showRunning(false);
    if (isMeasured) {
        m_session.setMeasured(report);
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

QString MainWindow::basis() const
{
    return basisText(m_session.shown(), m_session.subject().get());
}

void MainWindow::refreshRecent()
{
    const QStringList entries = m_environment.settings->list(QStringLiteral("recent/subjects"));
    m_start->setRecent(entries);
    m_runBar->setDatasetChoices(m_environment.settings->list(QStringLiteral("recent/datasets")));
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
    m_actions.copy->setEnabled(!shown.isEmpty());
    m_actions.worst->setEnabled(!shown.isEmpty());
    m_actions.showArchived->setEnabled(m_session.has(ReportSource::Archived));
    m_actions.showMeasured->setEnabled(m_session.has(ReportSource::Measured));
    (m_session.source() == ReportSource::Archived ? m_actions.showArchived : m_actions.showMeasured)->setChecked(true);
    for (QAction *action : {m_actions.showLocal, m_actions.showAccumulated, m_actions.showBoth})
        action->setEnabled(hasBoth);
    const ShownKinds kinds = m_session.kinds();
    (kinds == ShownKinds::Local ? m_actions.showLocal : kinds == ShownKinds::Accumulated ? m_actions.showAccumulated : m_actions.showBoth)->setChecked(true);
    // Somebody else's report is written as it was read; other formats need what was measured here.
    const auto exports = m_menus.exportReport->actions();
    for (QAction *action : exports)
        action->setEnabled(!shown.isEmpty() && (shown.isMeasured() || action->objectName() == QLatin1String("exportcsv")));
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
    if (const QByteArray panes = settings.layout(QStringLiteral("tensors")); !panes.isEmpty())
        m_tensorsPage->restoreLayout(panes);
    const Theme theme = themeNamed(settings.text(QStringLiteral("theme"))).value_or(Theme::System);
    QAction *actions[] = {m_actions.themeSystem, m_actions.themeLight, m_actions.themeDark};
    actions[static_cast<std::size_t>(theme)]->setChecked(true);
    refreshRecent();
}

void MainWindow::focusNextPane()
{
    QList<QWidget *> panes{m_contentsDock->widget(), m_findingsDock->widget(), m_runBar, &m_reportBar->filter(), &m_tensorsPage->table()};
    for (ChartPanel *chart : charts())
        panes << chart;
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
    openFiles(localFiles(*event->mimeData()));
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
        settings.setLayout(QStringLiteral("tensors"), m_tensorsPage->layoutState());
    }
    cancel();
    event->accept();
}

} // namespace quantloupe::ui
