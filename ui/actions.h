// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QList>
#include <QObject>

class QAction;


namespace quantloupe::ui {

/// Every action of the window with its name, text, icon and shortcut. Keys are Netron's where the same thing exists.
class Actions : public QObject {
    Q_OBJECT
public:
    explicit Actions(QObject *parent = nullptr);

    QAction *openArchive;
    QAction *openPair;
    QAction *openSample;
    QAction *openDataset;
    QAction *compareWith;
    QAction *reload;
    QAction *saveChart;
    QAction *closeWindow;
    QAction *quit;
    QAction *undo;
    QAction *redo;
    QAction *copy;
    QAction *find;
    QAction *run;
    QAction *cancel;
    QAction *showArchived;
    QAction *showMeasured;
    QAction *showLocal;
    QAction *showAccumulated;
    QAction *showBoth;
    QAction *logarithmic;
    QAction *worst;
    QAction *themeSystem;
    QAction *themeLight;
    QAction *themeDark;
    QAction *fullScreen;
    QAction *nextPane;
    QAction *nextPage;
    QAction *previousPage;
    QList<QAction *> pages; ///< one per page of the list, in its order
    QAction *resetLayout;
    QAction *about;

private:
    QAction *add(const char *name, const QString &text, const QString &toolTip, const QKeySequence &shortcut = {});
    void addFileActions();
    void addRunActions();
    void addViewActions();
    void addPageActions();
};

} // namespace quantloupe::ui
