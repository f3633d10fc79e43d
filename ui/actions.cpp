// SPDX-License-Identifier: GPL-3.0-or-later
#include "actions.h"

#include "pages/page.h"
#include "style/icons.h"

#include <QAction>
#include <QActionGroup>

namespace quantloupe::ui {

Actions::Actions(QObject *parent) : QObject(parent)
{
    addFileActions();
    addRunActions();
    addViewActions();
    addPageActions();
}

QAction *Actions::add(const char *name, const QString &text, const QString &toolTip, const QKeySequence &shortcut)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setToolTip(shortcut.isEmpty() ? toolTip : tr("%1 (%2)").arg(toolTip, shortcut.toString(QKeySequence::NativeText)));
    action->setStatusTip(toolTip);
    action->setShortcut(shortcut);
    return action;
}

void Actions::addFileActions()
{
    openArchive = add("openArchive", tr("&Open archive…"), tr("Open a .mltk.zip, a .tflite or a quantization_report.csv"), QKeySequence::Open);
    openArchive->setIcon(icon(Glyph::Archive));
    openPair = add("openPair", tr("Open &pair…"), tr("Open a float and a quantized model"), Qt::CTRL | Qt::SHIFT | Qt::Key_O);
    openPair->setIcon(icon(Glyph::Pair));
    openSample = add("openSample", tr("Open s&ample"), tr("Open the bundled sample archive with its debug dataset"), Qt::CTRL | Qt::ALT | Qt::Key_O);
    openSample->setIcon(icon(Glyph::Sample));
    openDataset = add("openDataset", tr("Choose &dataset…"), tr("Choose a debug dataset"), Qt::CTRL | Qt::SHIFT | Qt::Key_D);
    openDataset->setIcon(icon(Glyph::Folder));
    compareWith = add("compareWith", tr("Compare &with…"), tr("Compare what is open with another report or archive, before and after"), Qt::CTRL | Qt::SHIFT | Qt::Key_C);
    compareWith->setIcon(icon(Glyph::Slope));
    reload = add("reload", tr("&Reload"), tr("Read the files again"), Qt::Key_F5);
    saveChart = add("saveChart", tr("&Save chart…"), tr("Save the chart over operators, or the chart that has the focus"), Qt::CTRL | Qt::SHIFT | Qt::Key_E);
    saveChart->setIcon(icon(Glyph::Chart));
    closeWindow = add("closeWindow", tr("&Close window"), tr("Close this window"), QKeySequence::Close);
    quit = add("quit", tr("&Quit"), tr("Leave Quantloupe"), Qt::CTRL | Qt::Key_Q);
}

void Actions::addRunActions()
{
    undo = add("undo", tr("&Undo"), tr("Take back what was changed last in what is shown"), QKeySequence::Undo);
    redo = add("redo", tr("&Redo"), tr("Change it again"), Qt::CTRL | Qt::SHIFT | Qt::Key_Z);
    copy = add("copy", tr("&Copy rows"), tr("Copy the selected rows as tab-separated text"), QKeySequence::Copy);
    copy->setIcon(icon(Glyph::Copy));
    copy->setShortcutContext(Qt::WidgetShortcut); // text fields keep their own Ctrl+C; the table has it too
    find = add("find", tr("&Filter"), tr("Go to the filter of the table"), QKeySequence::Find);
    find->setIcon(icon(Glyph::Search));
    run = add("run", tr("&Run"), tr("Run both models on the dataset and compare them"), Qt::CTRL | Qt::Key_R);
    run->setIcon(icon(Glyph::Run));
    cancel = add("cancel", tr("&Cancel"), tr("Stop the run; what was measured stays"), Qt::Key_Escape);
    cancel->setIcon(icon(Glyph::Stop));
    cancel->setEnabled(false);
    worst = add("worst", tr("Select &worst"), tr("Select the row with the largest rmse/scale"), Qt::CTRL | Qt::Key_B);
}

void Actions::addViewActions()
{
    const auto group = [this](std::initializer_list<QAction *> actions) {
        auto *exclusive = new QActionGroup(this);
        for (QAction *action : actions) {
            action->setCheckable(true);
            exclusive->addAction(action);
        }
    };
    showArchived = add("showArchived", tr("&Archive’s own report"), tr("Show the report that came with the archive"), Qt::ALT | Qt::Key_1);
    showMeasured = add("showMeasured", tr("&Measured report"), tr("Show the report measured here"), Qt::ALT | Qt::Key_2);
    showLocal = add("showLocal", tr("&Local error"), tr("What each operator alone adds"), Qt::ALT | Qt::Key_3);
    showAccumulated = add("showAccumulated", tr("A&ccumulated error"), tr("What has gathered up to each operator"), Qt::ALT | Qt::Key_4);
    showBoth = add("showBoth", tr("&Both errors"), tr("Local and accumulated error beside each other"), Qt::ALT | Qt::Key_5);
    logarithmic = add("logarithmic", tr("Lo&garithmic chart"), tr("Logarithmic axis for the chart over operators"), Qt::CTRL | Qt::Key_L);
    logarithmic->setCheckable(true);
    themeSystem = add("themeSystem", tr("&System"), tr("Light or dark as the desktop"));
    themeLight = add("themeLight", tr("&Light"), tr("Light colours"));
    themeDark = add("themeDark", tr("&Dark"), tr("Dark colours"));
    group({showArchived, showMeasured});
    group({showLocal, showAccumulated, showBoth});
    group({themeSystem, themeLight, themeDark});
    fullScreen = add("fullScreen", tr("F&ull screen"), tr("Full screen on or off"), Qt::Key_F11);
    fullScreen->setCheckable(true);
    nextPane = add("nextPane", tr("&Next pane"), tr("Move the focus to the next pane"), Qt::Key_F6);
    resetLayout = add("resetLayout", tr("&Reset layout"), tr("Panes and columns as on the first start"));
    about = add("about", tr("&About Quantloupe"), tr("Version, licence and kernels"));
}

void Actions::addPageActions()
{
    auto *exclusive = new QActionGroup(this);
    for (const PageSpec *spec : pageSpecs()) {
        const int number = static_cast<int>(pages.size()) + 1;
        // Ctrl+1 to Ctrl+9 open recent files, as in Netron.
        const QKeySequence keys = number <= 9 ? QKeySequence(Qt::CTRL | Qt::ALT | static_cast<Qt::Key>(Qt::Key_0 + number)) : QKeySequence();
        const QByteArray name = QByteArray("page-") + spec->name;
        QAction *action = add(name.constData(), QStringLiteral("&%1  %2").arg(number % 10).arg(spec->title()), spec->explanation(), keys);
        action->setIcon(icon(spec->glyph));
        action->setCheckable(true);
        exclusive->addAction(action);
        pages << action;
    }
    nextPage = add("nextPage", tr("&Next page"), tr("Show the next page"), Qt::CTRL | Qt::Key_PageDown);
    previousPage = add("previousPage", tr("&Previous page"), tr("Show the previous page"), Qt::CTRL | Qt::Key_PageUp);
}

} // namespace quantloupe::ui
