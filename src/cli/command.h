// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "cli/console.h"
#include "kernels/profile.h"
#include "report/report.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace quantloupe {

/// What a command does once the command line is understood.
using CommandAction = std::function<ExitCode(Console &, std::stop_token)>;

/// One row of the command table; each command's file defines its own.
struct Command {
    std::string_view name;
    std::string_view description;
    /// Adds the command's options to `app` and returns what to do; options live in the returned function.
    CommandAction (*define)(CLI::App &app);
};

std::span<const Command *const> commands();

/// Options that several commands take.
void addKernelsOption(CLI::App &app, KernelProfile &kernels);
void addStateOption(CLI::App &app, StatePolicy &state);
void addThreadsOption(CLI::App &app, unsigned &threads);
void addFeedbackOption(CLI::App &app, std::vector<std::string> &links);

/// The two ways to name what is compared: an archive, or --float and --quantized.
struct SubjectArguments {
    std::string archive;
    std::string floatModel;
    std::string quantizedModel;

    void addTo(CLI::App &app);
    Result<std::vector<std::filesystem::path>> paths() const;
};

/// Says the error and returns its exit code.
ExitCode report(Console &console, const Error &error);

} // namespace quantloupe
