// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "dataset/dataset.h"
#include "debugger/subject.h"
#include "kernels/operator_matrix.h"
#include "metrics/metric.h"
#include "report/export.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

void listMetrics()
{
    for (const Metric *metric : metrics())
        fmt::print("{}{}\n    {}\n", metric->name, metric->unit.empty() ? "" : fmt::format(" [{}]", metric->unit), metric->description);
}

void listFormats()
{
    const auto print = [](std::string_view what, std::span<const std::string_view> patterns) { fmt::print("{}: {}\n", what, fmt::join(patterns, ", ")); };
    print("opens", subjectPatterns());
    print("datasets", datasetPatterns());
    for (const Exporter *exporter : exporters())
        fmt::print("writes --{} (*{}): {}\n", exporter->name, exporter->suffix, exporter->description);
}

CommandAction define(CLI::App &app)
{
    const auto what = std::make_shared<std::string>();
    app.add_option("what", *what, "operators, metrics or formats")->required()->check(CLI::IsMember(std::vector<std::string>{"operators", "metrics", "formats"}))->type_name("WHAT");
    return [what](Console &, std::stop_token) {
        if (*what == "operators")
            fmt::print("{}", operatorMatrix());
        else if (*what == "metrics")
            listMetrics();
        else
            listFormats();
        return ExitCode::Done;
    };
}

} // namespace

extern const Command list_command{"list", "List the operators, metrics or formats that are known", define};

} // namespace quantloupe
