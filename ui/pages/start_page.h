// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QListWidget;

namespace quantloupe::ui {

/// What an empty window says: what this is, three ways to begin, the files opened before, and that files can be dropped.
class StartPage : public QWidget {
    Q_OBJECT
public:
    StartPage(QAction &openArchive, QAction &openPair, QAction &openSample, QWidget *parent = nullptr);

    /// Each entry is one file, or two joined by a newline. Missing ones are greyed.
    void setRecent(const QStringList &entries);

signals:
    void recentChosen(const QString &entry);
    void recentRemoved(const QString &entry);

private:
    QLabel *m_recentTitle;
    QListWidget *m_recent;
};

} // namespace quantloupe::ui
