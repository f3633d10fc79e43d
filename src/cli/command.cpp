// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"

namespace quantloupe {

#define QL_ITEM(item) extern const Command item##_command;
#include "registry/commands.inc"
#undef QL_ITEM

std::span<const Command *const> commands()
{
#define QL_ITEM(item) &item##_command,
    static constexpr const Command *kCommands[] = {
#include "registry/commands.inc"
    };
#undef QL_ITEM
    return kCommands;
}

void addKernelsOption(CLI::App &app, KernelProfile &kernels)
{
    app.add_option_function<std::string>(
           "--kernels", [&kernels](const std::string &text) { kernels = *kernelProfile(text); },
           "Whose arithmetic: litert (reference kernels of today, default), tflite-2.14, or tflm (what a device computes)")
        ->check(CLI::IsMember(std::vector<std::string>{"litert", "tflite-2.14", "tflm"}))
        ->type_name("PROFILE");
}

void addStateOption(CLI::App &app, StatePolicy &state)
{
    app.add_option_function<std::string>(
           "--state", [&state](const std::string &text) { state = *statePolicy(text); },
           "Variables such as LSTM state: reset before every sample (default), or carry from sample to sample as TensorFlow's debugger does")
        ->check(CLI::IsMember(std::vector<std::string>{"reset", "carry"}))
        ->type_name("POLICY");
}

void addThreadsOption(CLI::App &app, unsigned &threads)
{
    app.add_option("--threads", threads, "Threads; results do not depend on it (default: one per core)")->check(CLI::Range(1, 1024))->type_name("N");
}

void addFeedbackOption(CLI::App &app, std::vector<std::string> &links)
{
    app.add_option("--feedback", links,
                   "Feed an output back to a state input at the next time step (names, or out1=in1); samples are then sequences, the time being their second axis. May be repeated")
        ->type_name("OUT=IN")
        ->expected(1)
        ->take_all();
}

void SubjectArguments::addTo(CLI::App &app)
{
    app.add_option("archive", archive, "A .mltk.zip archive that holds both models")->type_name("ARCHIVE");
    app.add_option("--float", floatModel, "The float model (.tflite), with --quantized instead of an archive")->type_name("F");
    app.add_option("--quantized", quantizedModel, "The quantized model (.tflite)")->type_name("Q");
}

Result<std::vector<std::filesystem::path>> SubjectArguments::paths() const
{
    const bool isPair = !floatModel.empty() && !quantizedModel.empty();
    if (archive.empty() == !isPair || (!archive.empty() && (!floatModel.empty() || !quantizedModel.empty())))
        return fail(ErrorCode::Usage, {.expected = "either an archive or both --float and --quantized"});
    if (isPair)
        return std::vector<std::filesystem::path>{floatModel, quantizedModel};
    return std::vector<std::filesystem::path>{archive};
}

ExitCode report(Console &console, const Error &error)
{
    console.error(error);
    return error.exitCode();
}

} // namespace quantloupe
