// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "debugger/subject.h"
#include "cli/inspection.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

CommandAction define(CLI::App &app)
{
    struct Arguments {
        std::vector<std::string> paths;
        bool isJson = false;
    };
    const auto arguments = std::make_shared<Arguments>();
    app.add_option("path", arguments->paths, "A .mltk.zip, .tflite or quantization_report.csv, or a float + quantized pair")->required()->expected(1, 2)->type_name("PATH");
    app.add_flag("--json", arguments->isJson, "As JSON");
    return [arguments](Console &console, std::stop_token) {
        const std::vector<std::filesystem::path> paths(arguments->paths.begin(), arguments->paths.end());
        const auto subject = openSubject(paths);
        if (!subject)
            return report(console, subject.error());
        fmt::print("{}", arguments->isJson ? inspectionJson(*subject) : inspectionText(*subject));
        return ExitCode::Done;
    };
}

} // namespace

extern const Command inspect_command{"inspect", "Say what is in a file: models, parameters, report, findings that need no run", define};

} // namespace quantloupe
