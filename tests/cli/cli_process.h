// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace quantloupe::test {

struct Outcome {
    int exitCode = -1; ///< -1: ended by a signal
    std::string output;
    std::string errors;
};

/// Runs the real quantloupe-cli and waits for it.
Outcome runCli(const std::vector<std::string> &arguments);

} // namespace quantloupe::test
