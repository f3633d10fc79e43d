// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>

class QAction;
class QMainWindow;
class QMenu;

namespace quantloupe::ui {

class Actions;

/// The menus that are filled as files come and go.
struct Menus {
    QMenu *recent;
    QMenu *exportReport;
};

/// Builds the menu bar from the actions; `panes` are the docks' own show/hide actions.
Menus buildMenus(QMainWindow &window, const Actions &actions, const QList<QAction *> &panes);

} // namespace quantloupe::ui
