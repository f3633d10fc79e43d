// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "dataset/dataset.h"
#include "debugger/evaluate.h"
#include "debugger/subject.h"
#include "report/evaluation_text.h"
#include "report/export.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Arguments {
    SubjectArguments subject;
    std::string dataset;
    std::string task;
    EvaluationOptions run;
    std::string json;
    std::string csv;
    std::string changedCsv;
};

Result<std::shared_ptr<const Evaluation>> evaluation(Console &console, std::stop_token stop, const Arguments &arguments)
{
    QL_TRY(const auto paths, arguments.subject.paths());
    QL_TRY(const Subject subject, openSubject(paths));
    if (const auto why = subject.whyNotComparable())
        return fail(*why);
    QL_TRY(const auto dataset, openDataset(arguments.dataset, subject.quantizedModel->main()));
    return evaluateModels(subject, *dataset, arguments.run, stop, console.progress("samples"));
}

Result<void> write(const Evaluation &evaluation, const Arguments &arguments)
{
    if (!arguments.json.empty())
        QL_CHECK(writeWhole(arguments.json, evaluationJson(evaluation)));
    if (!arguments.csv.empty())
        QL_CHECK(writeWhole(arguments.csv, evaluationCsv(evaluation)));
    if (!arguments.changedCsv.empty())
        QL_CHECK(writeWhole(arguments.changedCsv, changedCsv(evaluation)));
    return {};
}

ExitCode evaluate(Console &console, std::stop_token stop, const Arguments &arguments)
{
    const auto result = evaluation(console, stop, arguments);
    if (!result)
        return report(console, result.error());
    if (const auto written = write(**result, arguments); !written)
        return report(console, written.error());
    const bool usesOutput = arguments.json == "-" || arguments.csv == "-" || arguments.changedCsv == "-";
    if (usesOutput)
        console.notes(evaluationSummary(**result));
    else
        fmt::print("{}", evaluationSummary(**result));
    return ExitCode::Done;
}

template <typename T> void addOptional(CLI::App &app, const std::string &name, std::optional<T> &value, const std::string &description, const std::string &type)
{
    app.add_option_function<T>(name, [&value](const T &given) { value = given; }, description)->check(CLI::NonNegativeNumber)->type_name(type);
}

CommandAction define(CLI::App &app)
{
    const auto arguments = std::make_shared<Arguments>();
    arguments->subject.addTo(app);
    app.add_option("--dataset", arguments->dataset, "Labelled samples: .npz with x (or the inputs' names) and y")->required()->type_name("D");
    app.add_option("--samples", arguments->run.samples, "Only the first N samples")->check(CLI::PositiveNumber)->type_name("N");
    app.add_option_function<std::string>("--task", [arguments](const std::string &text) { arguments->run.task = evaluationTask(text); },
                                         "classification or autoencoder; else inferred from the model")
        ->check(CLI::IsMember(std::vector<std::string>{"classification", "autoencoder"}))
        ->type_name("TASK");
    addOptional(app, "--hop-ms", arguments->run.hopMs, "Keyword spotting: the samples are windows of one stream, so far apart", "MS");
    addOptional(app, "--clip-ms", arguments->run.clipMs, "Keyword spotting: the samples are clips of this length (default: the model's parameter)", "MS");
    addOptional(app, "--threshold", arguments->run.threshold, "Keyword spotting: score of 0..1 from which a keyword counts (default: the model's parameter, else 0.75)", "T");
    addOptional(app, "--average-ms", arguments->run.averageMs, "Keyword spotting: scores of the last so many milliseconds are averaged (default: the model's parameter, else 1000)", "MS");
    addOptional(app, "--suppression-ms", arguments->run.suppressionMs, "Keyword spotting: no second detection within this time (default: the model's parameter, else 750)", "MS");
    app.add_option("--other-classes", arguments->run.otherClasses, "Keyword spotting: numbers of the classes that are no keywords (default: those named _like_this_)")
        ->delimiter(',')
        ->type_name("N,N,...");
    addStateOption(app, arguments->run.state);
    addKernelsOption(app, arguments->run.kernels);
    addThreadsOption(app, arguments->run.threads);
    app.add_option("--json", arguments->json, "Write all figures, matrices, curves and changed answers (- for standard output)")->type_name("F");
    app.add_option("--csv", arguments->csv, "Write the table of classes (- for standard output)")->type_name("F");
    app.add_option("--changed-csv", arguments->changedCsv, "Write the samples that the two models answer differently (- for standard output)")->type_name("F");
    return [arguments](Console &console, std::stop_token stop) { return evaluate(console, stop, *arguments); };
}

} // namespace

extern const Command evaluate_command{"evaluate", "Measure on labelled samples how good the float and the quantized model are, and where their answers differ", define};

} // namespace quantloupe
