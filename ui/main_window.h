// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "actions.h"
#include "file_picker.h"
#include "menus.h"
#include "models/selection.h"
#include "models/session.h"
#include "models/tensor_filter_model.h"
#include "models/tensor_table_model.h"
#include "settings.h"
#include "style/theme.h"

#include <QMainWindow>
#include <QPointer>

#include <memory>

class QDockWidget;
class QLabel;
class QStackedWidget;
class QTabWidget;

namespace quantloupe {
struct Exporter;
}

namespace quantloupe::ui {

class ChartPanel;
class MessageBar;
class OpenJob;
class ReportBar;
class RunBar;
class RunJob;
class StartPage;
class TensorPage;
class TensorsPage;

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
    RunBar &runBar() const { return *m_runBar; }
    /// Names of the pages, for showPage() and --page.
    static QStringList pageNames();
    void showPage(const QString &name);

    TensorsPage &tensorsPage() const { return *m_tensorsPage; }
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
    void addWorkspace();
    void addDocks();
    QDockWidget *addDock(const char *name, const QString &title, QWidget *widget);
    void connectFileActions();
    void connectViewActions();
    void connectPages();
    void addExportActions();

    void askForArchive();
    void askForPair();
    void askForSecondOfPair(const QString &first);
    void askForDataset();
    void askWhereToExport(const Exporter &exporter);
    void askWhereToSaveChart(ChartPanel &panel);
    void copyChart(ChartPanel &panel);
    ChartPanel &chartInFocus() const;

    QList<ChartPanel *> charts() const;
    void endOpening(bool isOpen);
    void showSubject(std::shared_ptr<const Subject> subject, const QStringList &files);
    void showDocks();
    void proposeDataset(const QStringList &files);
    void endRun(std::shared_ptr<const Report> report, bool isWhole);
    void say(Severity severity, const QString &text);
    void refreshRecent();
    void refreshActions();
    void refreshRowCount();
    void restoreSettings();
    void focusNextPane();
    void showAbout();
    QString basis() const;

    WindowEnvironment m_environment;
    Actions m_actions;
    Session m_session;
    Selection m_selection;
    TensorTableModel m_table;
    TensorFilterModel m_filter;

    Menus m_menus{};
    MessageBar *m_messages;
    QStackedWidget *m_stack;
    StartPage *m_start;
    QWidget *m_workspace;
    RunBar *m_runBar;
    ReportBar *m_reportBar;
    TensorsPage *m_tensorsPage;
    TensorPage *m_tensorPage;
    QTabWidget *m_pages;
    QDockWidget *m_contentsDock = nullptr;
    QDockWidget *m_findingsDock = nullptr;
    QLabel *m_rowCount;
    QStringList m_files;
    QString m_pendingDataset;
    QByteArray m_firstLayout;
    bool m_areDocksPlaced = false;
    OpenJob *m_openJob = nullptr;
    RunJob *m_runJob = nullptr;
};

} // namespace quantloupe::ui
