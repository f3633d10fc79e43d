// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace quantloupe::ui {

/// The whole program: command line, settings, window, event loop. Returns the exit code.
int runApplication(int argc, char *argv[]);

} // namespace quantloupe::ui
