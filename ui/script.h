// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "command_line.h"
#include "main_window.h"

#include <QObject>

namespace quantloupe::ui {

/// Drives a window from the command line: opens, runs, and for --screenshot writes it and leaves with an exit code.
class Script : public QObject {
    Q_OBJECT
public:
    Script(const CommandLine &line, MainWindow &window);
    void start();

private:
    void afterOpening(bool isOpen);
    void afterRunning(bool isMeasured);
    void finish(bool isFine);
    void write(bool isFine);

    CommandLine m_line;
    MainWindow &m_window;
};

} // namespace quantloupe::ui
