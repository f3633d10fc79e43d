// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli.h"

#include "cli/command.h"
#include "version.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <fmt/format.h>
#include <thread>

namespace quantloupe {
namespace {

std::atomic<bool> interrupted = false; // what a signal handler may touch

/// Turns SIGINT and SIGTERM into a stop request, a second one ends the process.
class Interruption {
public:
    Interruption()
    {
        const auto handler = [](int signal) {
            interrupted = true;
            std::signal(signal, SIG_DFL);
        };
        std::signal(SIGINT, handler);
        std::signal(SIGTERM, handler);
        std::signal(SIGPIPE, SIG_DFL); // `... | head` ends quietly
        m_watcher = std::jthread([this](std::stop_token ending) {
            while (!ending.stop_requested() && !interrupted)
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            if (interrupted)
                m_stop.request_stop();
        });
    }
    std::stop_token token() const { return m_stop.get_token(); }

private:
    std::stop_source m_stop;
    std::jthread m_watcher;
};

constexpr std::string_view kExamples = R"(
Examples:
  quantloupe-cli inspect model.mltk.zip
  quantloupe-cli report model.mltk.zip --dataset debug.npz --csv report.csv --html report.html
  quantloupe-cli report --float f.tflite --quantized q.tflite --dataset random:100 --fail-if "rmse/scale>1"
  quantloupe-cli evaluate model.mltk.zip --dataset debug.npz --changed-csv changed.csv
  quantloupe-cli compare before.csv after.mltk.zip --fail-on-regression
  quantloupe-cli run model.tflite --input in.npz --output out.npz --all-tensors --kernels tflm

Exit codes: 0 done; 1 a --fail-if threshold was passed, or --fail-on-regression; 2 usage; 3 bad input; 4 unsupported, nothing could be
compared; 130 cancelled.
)";

} // namespace

int runCli(int argc, char **argv)
{
    CLI::App app{"Shows where, how much and why a quantized TensorFlow Lite model departs from its float original.", "quantloupe-cli"};
    app.set_version_flag("--version", "quantloupe-cli " QUANTLOUPE_VERSION);
    app.footer(std::string(kExamples));
    app.require_subcommand(1);
    bool isQuiet = false;
    app.add_flag("-q,--quiet", isQuiet, "No remarks and no progress on standard error");
    app.fallthrough();

    CommandAction action;
    for (const Command *command : commands()) {
        CLI::App *const sub = app.add_subcommand(std::string(command->name), std::string(command->description));
        sub->fallthrough();
        sub->parse_complete_callback([&action, defined = command->define(*sub)] { action = defined; });
    }
    try { // CLI11 reports by exception; none leaves this function
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : static_cast<int>(ExitCode::Usage);
    }
    Console console(isQuiet);
    const Interruption interruption;
    const ExitCode code = action(console, interruption.token());
    return static_cast<int>(code);
}

} // namespace quantloupe
