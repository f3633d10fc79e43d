// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actions.h"
#include "file_picker.h"
#include "file_questions.h"
#include "jobs/evaluator.h"
#include "menus.h"
#include "models/selection.h"
#include "models/session.h"
#include "models/tensor_filter_model.h"
#include "models/tensor_table_model.h"
#include "settings.h"
#include "style/theme.h"

#include <QMainWindow>
#include <QPointer>
#include <QUndoStack>

#include <memory>

class QDockWidget;
class QLabel;
class QStackedWidget;

namespace quantloupe::ui {

class Exports;
struct DroppedFiles;
class MessageBar;
class OpenJob;
class RunBar;
class RunJob;
class StartPage;
class TensorsPage;
class Workspace;

/// What a window is given from outside.
struct WindowEnvironment {
    Settings *settings = nullptr;
    FilePicker *filePicker = nullptr;
    QString sample; ///< the bundled archive; empty when there is none
};

/// One window for one archive: puts actions, pages and jobs together and holds no figures of its own.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(const WindowEnvironment &environment, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens an archive, a pair or a report, and takes a dataset among them; away from the GUI thread.
    void openFiles(const QStringList &files);
    void setDataset(const QString &dataset);
    void run();
    void cancel();
    bool isRunning() const { return m_runJob != nullptr; }
    void selectRow(int row);
    void setTheme(Theme theme);

    Session &session() { return m_session; }
    Selection &selection() { return m_selection; }
    Actions &actions() { return m_actions; }
    Workspace &workspace() const { return *m_workspace; }
    RunBar &runBar() const;
    TensorsPage &tensorsPage() const;
    /// Names of the pages, for showPage() and --page: those of the list, and "start".
    static QStringList pageNames();
    void showPage(const QString &name);

    MessageBar &messageBar() const { return *m_messages; }

signals:
    void openEnded(bool isOpen);
    void runEnded(bool isMeasured);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    bool event(QEvent *event) override;

private:
    void addCentre();
    void addDocks();
    QDockWidget *addDock(const char *name, const QString &title, QWidget *widget);
    void connectFileActions();
    void connectViewActions();
    void connectParts();

    void askForComparison();

    void endOpening(bool isOpen);
    void showSubject(std::shared_ptr<const Subject> subject, const QStringList &files);
    void take(std::shared_ptr<const Subject> subject, const DroppedFiles &given);
    void showDocks();
    void proposeDataset(const QStringList &files);
    void endRun(std::shared_ptr<const Report> report, bool isWhole);
    void say(Severity severity, const QString &text);
    void connectUndo();
    void noteFilter();
    void refreshRecent();
    void refreshActions();
    void refreshRowCount();
    void restoreSettings();
    void focusNextPane();
    void showAbout();

    WindowEnvironment m_environment;
    FileQuestions m_questions;
    Actions m_actions;
    Session m_session;
    Evaluator m_evaluator{m_session};
    Selection m_selection;
    TensorTableModel m_table;
    TensorFilterModel m_filter;

    QUndoStack m_undo; ///< changes to what is shown; files are never changed
    QString m_filterBefore;
    Menus m_menus{};
    MessageBar *m_messages;
    QStackedWidget *m_stack;
    StartPage *m_start;
    Workspace *m_workspace;
    Exports *m_exports;
    QDockWidget *m_contentsDock = nullptr;
    QDockWidget *m_findingsDock = nullptr;
    QLabel *m_rowCount;
    QStringList m_files;
    QString m_pendingDataset;
    QByteArray m_firstLayout;
    bool m_areDocksPlaced = false;
    OpenJob *m_openJob = nullptr;
    RunJob *m_runJob = nullptr;
    RunSettings m_run; ///< of m_runJob
};

} // namespace quantloupe::ui
