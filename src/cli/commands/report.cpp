// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/chart_program.h"
#include "cli/command.h"
#include "cli/details.h"
#include "cli/threshold.h"
#include "dataset/dataset.h"
#include "debugger/causes.h"
#include "debugger/debugger.h"
#include "debugger/evaluate.h"
#include "debugger/subject.h"
#include "metrics/metric.h"
#include "report/causes_text.h"
#include "report/evaluation_text.h"
#include "report/export.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace quantloupe {
namespace {

struct Arguments {
    SubjectArguments subject;
    std::string dataset;
    std::string error = "both";
    RunOptions run;
    std::map<std::string, std::string> files; ///< by exporter
    std::string chartFolder;
    DetailArguments details;
    std::vector<std::string> feedback;
    std::vector<std::string> thresholds;
    bool evaluates = false;
    bool findsCauses = false;
    CauseOptions causes;
    std::string causesCsv;
};

/// The error kind a file or threshold speaks of: the local one unless only the accumulated one was asked for.
ErrorKind mainKind(const RunOptions &options)
{
    return options.local ? ErrorKind::Local : ErrorKind::Accumulated;
}

Result<void> writeFiles(const Report &report, const Arguments &arguments)
{
    for (const auto &[exporter, path] : arguments.files)
        QL_CHECK(writeWhole(path, findExporter(exporter)->text(report, mainKind(arguments.run))));
    if (!arguments.causesCsv.empty())
        QL_CHECK(writeWhole(arguments.causesCsv, causesCsv(*report.causes, [&](const OperatorCauses &op) {
            const auto row = std::ranges::find(report.rows, op.tensor, &TensorComparison::tensor);
            return row == report.rows.end() ? std::pair<std::string, std::string>() : std::pair(row->opName, row->tensorName);
        })));
    if (!arguments.chartFolder.empty())
        QL_CHECK(writeCharts(report, arguments.chartFolder));
    QL_CHECK(arguments.details.writeTables(report));
    return {};
}

void summarize(Console &console, const Report &report, ErrorKind kind)
{
    console.note(fmt::format("{} samples, {} error, state {}, {} kernels, {} operators compared", report.samples, name(kind), name(report.state), name(report.kernels),
                             report.rows.size()));
    if (const int worst = report.worstRow(kind); worst >= 0) {
        const TensorComparison &row = report.rows[static_cast<std::size_t>(worst)];
        const double value = row.statistics(kind)->metrics[static_cast<std::size_t>(metricIndex("rmse/scale"))];
        console.note(fmt::format("worst: {} ({}), rmse/scale {:.4g}; rounding alone is 0.289", row.opName, row.tensorName, value));
    }
    for (const Finding &finding : report.findings)
        console.note(fmt::format("{}: {} {}", name(finding.severity), finding.title, finding.evidence));
    if (report.causes)
        for (const OperatorCauses &op : std::span(report.causes->operators).first(std::min<std::size_t>(report.causes->operators.size(), 3)))
            console.note(fmt::format("cause: operator {}: {:.0f} % of its error is {} (alone it costs the outputs {:.3g})", op.op.value, 100.0 * op.of(op.largest()).share, name(op.largest()),
                                     op.outputRmse));
    if (report.evaluation)
        console.notes(evaluationSummary(*report.evaluation));
    for (const std::string &sentence : report.leftOut)
        console.note("left out: " + sentence);
}

/// The passes that were asked for, added to the report.
Result<Report> withPasses(Console &console, std::stop_token stop, const Arguments &arguments, const Subject &subject, const Dataset &dataset, const Report &measured)
{
    Report report = measured;
    if (arguments.evaluates) {
        EvaluationOptions options;
        options.state = arguments.run.state;
        options.kernels = arguments.run.kernels;
        options.threads = arguments.run.threads;
        options.samples = arguments.run.samples;
        QL_TRY(report.evaluation, evaluateModels(subject, dataset, options, stop, console.progress("evaluation")));
    }
    if (arguments.findsCauses) {
        CauseOptions options = arguments.causes;
        options.state = arguments.run.state;
        options.kernels = arguments.run.kernels;
        options.samples = std::min(options.samples, measured.samples);
        QL_TRY(report.causes, analyseCauses(subject, dataset, options, stop, console.progress("causes")));
    }
    return report;
}

ExitCode compare(Console &console, std::stop_token stop, Arguments &arguments)
{
    const auto thresholds = parseThresholds(arguments.thresholds);
    if (!thresholds)
        return report(console, thresholds.error());
    if (const auto why = arguments.details.whyNot(arguments.files.contains("json")))
        return report(console, *why);
    const auto paths = arguments.subject.paths();
    if (!paths)
        return report(console, paths.error());
    const auto subject = openSubject(*paths);
    if (!subject)
        return report(console, subject.error());
    if (const auto why = subject->whyNotComparable())
        return report(console, *why);
    auto feedback = Feedback::parse(arguments.feedback, subject->quantizedModel->main());
    if (!feedback)
        return report(console, feedback.error());
    arguments.run.feedback = std::move(*feedback);
    if (!arguments.run.feedback.isEmpty() && (arguments.evaluates || arguments.findsCauses || arguments.details.isAsked()))
        return report(console, Error{ErrorCode::Usage, {.place = "--feedback", .expected = "a report without --evaluate, --causes and --details, which look at single runs", .got = "one of them"}});
    const auto dataset = openDataset(arguments.dataset, subject->quantizedModel->main(), arguments.run.feedback);
    if (!dataset)
        return report(console, dataset.error());
    const auto result = compareModels(*subject, **dataset, arguments.run, stop, console.progress("samples"));
    if (!result)
        return report(console, result.error());
    if ((*result)->isCancelled) {
        console.error(fmt::format("cancelled after {} of {} samples; nothing was written", (*result)->samples, (*result)->samplesAsked));
        return ExitCode::Cancelled;
    }
    auto whole = withPasses(console, stop, arguments, *subject, **dataset, **result);
    if (!whole)
        return report(console, whole.error());
    if (arguments.details.isAsked()) {
        auto details = studiesOf(**result, *subject, **dataset, arguments.run, arguments.details, stop, console.progress("samples looked at closely"));
        if (!details)
            return report(console, details.error());
        whole->details = std::move(*details);
    }
    if (const auto written = writeFiles(*whole, arguments); !written)
        return report(console, written.error());
    const ErrorKind kind = mainKind(arguments.run);
    summarize(console, *whole, kind);
    return anyPassed(console, *whole, kind, *thresholds) ? ExitCode::ThresholdPassed : ExitCode::Done;
}

CommandAction define(CLI::App &app)
{
    const auto arguments = std::make_shared<Arguments>();
    arguments->subject.addTo(app);
    app.add_option("--dataset", arguments->dataset, "Debug samples: .npz or .h5 with x (or the inputs' names) and y, .npy, or random:N[:SEED]")->required()->type_name("D");
    app.add_option("--samples", arguments->run.samples, "Only the first N samples")->check(CLI::PositiveNumber)->type_name("N");
    app.add_option("--error", arguments->error, "local: what each operator adds; accumulated: what has come together; both (default)")
        ->check(CLI::IsMember(std::vector<std::string>{"local", "accumulated", "both"}))
        ->type_name("KIND");
    addFeedbackOption(app, arguments->feedback);
    addStateOption(app, arguments->run.state);
    addKernelsOption(app, arguments->run.kernels);
    addThreadsOption(app, arguments->run.threads);
    for (const Exporter *exporter : exporters())
        app.add_option("--" + std::string(exporter->name), arguments->files[std::string(exporter->name)], fmt::format("Write {} (- for standard output)", exporter->description))
            ->type_name("F");
    app.add_flag("--evaluate", arguments->evaluates, "Also measure both models on the dataset's labels; goes into the JSON and HTML (see the command evaluate)");
    app.add_flag("--causes", arguments->findsCauses, "Also take every operator's error apart: inputs, weights, bias, clipping, rounding, arithmetic, state; goes into the JSON and HTML");
    app.add_option("--causes-samples", arguments->causes.samples, "Samples that --causes looks at (default 32)")->check(CLI::PositiveNumber)->type_name("N");
    app.add_option("--causes-csv", arguments->causesCsv, "Write the causes as a table, worst at the model's outputs first; implies --causes")->type_name("F");
    arguments->details.addTo(app);
    app.add_option("--png", arguments->chartFolder, "Write the charts as PNG files into this folder")->type_name("DIR");
    app.add_option("--fail-if", arguments->thresholds, "METRIC>VALUE: exit with 1 when any operator passes it, e.g. \"rmse/scale>1\"")->type_name("METRIC>VALUE");
    return [arguments](Console &console, std::stop_token stop) {
        arguments->run.local = arguments->error != "accumulated";
        arguments->run.accumulated = arguments->error != "local";
        arguments->findsCauses |= !arguments->causesCsv.empty();
        std::erase_if(arguments->files, [](const auto &file) { return file.second.empty(); });
        return compare(console, stop, *arguments);
    };
}

} // namespace

extern const Command report_command{"report", "Compare a quantized model with its float original on debug samples", define};

} // namespace quantloupe
