// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command_line.h"
#include "main_window.h"

#include <QObject>

namespace quantloupe::ui {

/// Drives a window from the command line: opens, runs, and for --screenshot and --screenshots writes what is to be seen
/// and leaves with an exit code.
class Script : public QObject {
    Q_OBJECT
public:
    Script(const CommandLine &line, MainWindow &window);
    void start();

private:
    void afterOpening(bool isOpen);
    void afterRunning(bool isMeasured);
    void finish(bool isFine);
    void drawNext(bool isFine);
    void write(bool isFine);

    CommandLine m_line;
    MainWindow &m_window;
    struct Picture {
        QString page;
        QString file;
    };
    QList<Picture> m_pictures; ///< still to be drawn
    bool m_isWritten = true;
    int m_waited = 0;
};

} // namespace quantloupe::ui
