// SPDX-License-Identifier: GPL-3.0-or-later
#include "menus.h"

#include "actions.h"

#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace quantloupe::ui {
namespace {

QMenu *addMenu(QMenuBar &bar, const char *name, const QString &title)
{
    QMenu *menu = bar.addMenu(title);
    menu->setObjectName(QString::fromLatin1(name));
    menu->menuAction()->setObjectName(QString::fromLatin1(name) + QStringLiteral("Action"));
    return menu;
}

QMenu *addSubmenu(QMenu &menu, const char *name, const QString &title)
{
    QMenu *submenu = menu.addMenu(title);
    submenu->setObjectName(QString::fromLatin1(name));
    submenu->menuAction()->setObjectName(QString::fromLatin1(name) + QStringLiteral("Action"));
    return submenu;
}

} // namespace

Menus buildMenus(QMainWindow &window, const Actions &actions, const QList<QAction *> &panes)
{
    QMenuBar &bar = *window.menuBar();
    Menus menus{};
    QMenu *file = addMenu(bar, "fileMenu", QMainWindow::tr("&File"));
    file->addActions({actions.openArchive, actions.openPair, actions.openSample, actions.openDataset, actions.compareWith});
    menus.recent = addSubmenu(*file, "recentMenu", QMainWindow::tr("Open r&ecent"));
    file->addAction(actions.reload);
    file->addSeparator();
    menus.exportReport = addSubmenu(*file, "exportMenu", QMainWindow::tr("E&xport report"));
    file->addAction(actions.saveChart);
    file->addSeparator();
    file->addActions({actions.closeWindow, actions.quit});

    QMenu *edit = addMenu(bar, "editMenu", QMainWindow::tr("&Edit"));
    edit->addActions({actions.undo, actions.redo});
    edit->addSeparator();
    edit->addActions({actions.copy, actions.find, actions.worst});

    QMenu *run = addMenu(bar, "runMenu", QMainWindow::tr("&Run"));
    run->addActions({actions.run, actions.cancel});

    QMenu *view = addMenu(bar, "viewMenu", QMainWindow::tr("&View"));
    view->addActions({actions.showArchived, actions.showMeasured});
    view->addSeparator();
    view->addActions({actions.showLocal, actions.showAccumulated, actions.showBoth});
    view->addSeparator();
    view->addAction(actions.logarithmic);
    view->addSeparator();
    view->addActions(panes);
    view->addActions({actions.nextPane, actions.resetLayout});
    view->addSeparator();
    QMenu *theme = addSubmenu(*view, "themeMenu", QMainWindow::tr("&Theme"));
    theme->addActions({actions.themeSystem, actions.themeLight, actions.themeDark});
    view->addAction(actions.fullScreen);

    QMenu *go = addMenu(bar, "goMenu", QMainWindow::tr("&Go"));
    go->addActions(actions.pages);
    go->addSeparator();
    go->addActions({actions.nextPage, actions.previousPage});

    QMenu *help = addMenu(bar, "helpMenu", QMainWindow::tr("&Help"));
    help->addAction(actions.about);
    return menus;
}

} // namespace quantloupe::ui
