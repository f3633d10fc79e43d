// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "debugger/debugger.h"
#include "debugger/figure_tables.h"
#include "report/comparison.h"
#include "report/export.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Arguments {
    std::string before;
    std::string after;
    std::string dataset;
    std::string metric = "rmse/scale";
    double tolerance = 0.02;
    ErrorKind kind = ErrorKind::Local;
    RunOptions run;
    std::string csv;
    std::string json;
    bool failsOnRegression = false;
};

/// A report is read; a model archive is run where there is a dataset.
Result<FigureTable> tableOf(Console &console, std::stop_token stop, const std::string &path, const Arguments &arguments)
{
    if (arguments.dataset.empty())
        return readFigureTable(path, arguments.kind);
    return measureFigureTable(path, arguments.kind, arguments.dataset, arguments.run, stop, console.progress(path));
}

std::string value(double figure)
{
    return std::isnan(figure) ? "-" : fmt::format("{:.4g}", figure);
}

/// The rows of one kind of change, largest change first.
std::string list(const Comparison &comparison, Change change)
{
    std::vector<const ComparedRow *> rows;
    for (const ComparedRow &row : comparison.rows)
        if (row.change == change)
            rows.push_back(&row);
    const auto size = [](const ComparedRow *row) { return std::isfinite(row->ratio()) && row->ratio() > 0.0 ? std::abs(std::log(row->ratio())) : 0.0; };
    std::ranges::stable_sort(rows, [&](const ComparedRow *a, const ComparedRow *b) { return size(a) > size(b); });
    std::string text = rows.empty() ? "" : fmt::format("{} ({})\n", name(change), rows.size());
    for (const ComparedRow *row : rows) {
        const FigureTable::Row &shown = row->after >= 0 ? comparison.after.rows[static_cast<std::size_t>(row->after)] : comparison.before.rows[static_cast<std::size_t>(row->before)];
        text += fmt::format("  {:<28} {:>10} -> {:<10} {:<10} {}\n", printable(shown.opName), value(row->valueBefore), value(row->valueAfter), row->metric, printable(shown.tensorName));
    }
    return text;
}

std::string summary(const Comparison &comparison)
{
    std::string text = fmt::format("{} ({} error) -> {} ({} error), {}\n", printable(comparison.before.name), comparison.before.error, printable(comparison.after.name),
                                   comparison.after.error, comparison.metric);
    for (const Change change : {Change::Regressed, Change::Improved, Change::OnlyBefore, Change::OnlyAfter, Change::Unknown})
        text += list(comparison, change);
    return text + fmt::format("{} rows stayed within {:.3g} % of what they were\n", comparison.count(Change::Same), 100.0 * comparison.tolerance);
}

Result<Comparison> comparison(Console &console, std::stop_token stop, const Arguments &arguments)
{
    QL_TRY(FigureTable before, tableOf(console, stop, arguments.before, arguments));
    QL_TRY(FigureTable after, tableOf(console, stop, arguments.after, arguments));
    const auto columns = comparableColumns(before, after);
    if (std::ranges::count(columns, arguments.metric) == 0)
        return fail(ErrorCode::Usage, {.place = "--metric", .expected = fmt::format("a column that both reports have: {}", fmt::join(columns, ", ")), .got = arguments.metric});
    return compareTables(std::move(before), std::move(after), arguments.metric, arguments.tolerance);
}

ExitCode compare(Console &console, std::stop_token stop, const Arguments &arguments)
{
    const auto result = comparison(console, stop, arguments);
    if (!result)
        return report(console, result.error());
    if (!arguments.csv.empty())
        if (const auto written = writeWhole(arguments.csv, comparisonCsv(*result)); !written)
            return report(console, written.error());
    if (!arguments.json.empty())
        if (const auto written = writeWhole(arguments.json, comparisonJson(*result)); !written)
            return report(console, written.error());
    if (arguments.csv == "-" || arguments.json == "-")
        console.notes(summary(*result));
    else
        fmt::print("{}", summary(*result));
    return arguments.failsOnRegression && result->count(Change::Regressed) > 0 ? ExitCode::ThresholdPassed : ExitCode::Done;
}

CommandAction define(CLI::App &app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.add_option("before", arguments->before, "A quantization_report.csv, a JSON report, or an archive")->required()->type_name("BEFORE");
    app.add_option("after", arguments->after, "The same of the model after the change")->required()->type_name("AFTER");
    app.add_option("--dataset", arguments->dataset, "Run archives on these samples, instead of reading the reports inside them")->type_name("D");
    app.add_option("--samples", arguments->run.samples, "Only the first N samples")->check(CLI::PositiveNumber)->type_name("N");
    app.add_option_function<std::string>("--error", [arguments](const std::string &text) { arguments->kind = text == "local" ? ErrorKind::Local : ErrorKind::Accumulated; },
                                         "Which error of JSON reports and archives: local (default) or accumulated")
        ->check(CLI::IsMember(std::vector<std::string>{"local", "accumulated"}))
        ->type_name("KIND");
    app.add_option("--metric", arguments->metric, "Column to judge by (default rmse/scale; rmse decides where the bit widths differ)")->type_name("METRIC");
    app.add_option("--tolerance", arguments->tolerance, "Share of the first value within which two are the same (default 0.02)")->check(CLI::Range(0.0, 1e9))->type_name("SHARE");
    addStateOption(app, arguments->run.state);
    addKernelsOption(app, arguments->run.kernels);
    addThreadsOption(app, arguments->run.threads);
    app.add_option("--csv", arguments->csv, "Write the table of differences (- for standard output)")->type_name("F");
    app.add_option("--json", arguments->json, "The same as JSON")->type_name("F");
    app.add_flag("--fail-on-regression", arguments->failsOnRegression, "Exit with 1 when any row became worse");
    return [arguments](Console &console, std::stop_token stop) {
        return compare(console, stop, *arguments);
    };
}

} // namespace

extern const Command compare_command{"compare", "Compare two reports, or two archives before and after: what became better, what worse", define};

} // namespace quantloupe
