// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "style/theme.h"

#include <QSize>
#include <QStringList>

#include <optional>

class QCoreApplication;

namespace quantloupe::ui {

/// `quantloupe [FILE...] [--dataset D] [--run]` and what a screenshot needs.
struct CommandLine {
    QStringList files;
    QString dataset;
    bool isRun = false;
    QString screenshot;
    QString screenshotFolder; ///< a picture of every page
    QString chartsFrom; ///< a report as JSON, whose charts go to `chartFolder`; no window then
    QString chartFolder;
    QString page;
    QSize size{1440, 900};
    std::optional<Theme> theme;
    int selectedRow = 0; ///< counted from 1 as in the table; 0: the worst
    int selectedSample = -1; ///< counted from 0; -1: none
    QString error;       ///< why the command line is not understood
};

/// Prints and leaves the program for --help and --version.
CommandLine parseCommandLine(const QCoreApplication &application);

} // namespace quantloupe::ui
