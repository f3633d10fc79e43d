// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"
#include "cli/command.h"
#include "dataset/npz_inputs.h"
#include "dataset/npz_writer.h"
#include "formats/tflite.h"
#include "interpreter/batch_run.h"
#include "keras/lower.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Arguments {
    std::string model;
    std::string input;
    std::string output;
    bool allTensors = false;
    KernelProfile kernels = KernelProfile::Litert;
    StatePolicy state = StatePolicy::Reset;
    unsigned threads = 0;
};

Result<std::shared_ptr<const Model>> readModel(const std::string &path)
{
    QL_TRY(const SharedBytes bytes, readWhole(path));
    if (!looksLikeKeras(bytes))
        return readTflite(bytes, path);
    QL_TRY(const KerasFile file, readKerasFile(bytes, path));
    QL_TRY(const LoweredKeras keras, lowerKeras(file));
    if (keras.model->main().outputs.empty())
        return fail(ErrorCode::FeatureUnsupported, {.file = path, .place = "layer " + keras.unknown.front().name, .expected = "layers whose computation the file tells", .got = keras.unknown.front().why});
    return keras.model;
}

/// By the names they get in the output file.
std::vector<std::pair<std::string, TensorIndex>> wantedTensors(const Subgraph &graph, bool allTensors)
{
    std::vector<std::pair<std::string, TensorIndex>> wanted;
    if (!allTensors)
        for (std::size_t i = 0; i < graph.outputs.size(); ++i)
            wanted.emplace_back(fmt::format("out{}", i), graph.outputs[i]);
    for (const Operator &op : graph.operators)
        for (const TensorIndex output : op.outputs)
            if (allTensors && output.isValid())
                wanted.emplace_back(fmt::format("t{}", output.value), output);
    return wanted;
}

void noteMissing(Console &console, const PreparedModel &model)
{
    for (std::size_t i = 0; i < model.graph().operators.size(); ++i)
        if (const auto &missing = model.op(OperatorIndex(i)).missing)
            console.note(fmt::format("left out: {}: {}", placeOf(model.graph(), OperatorIndex(i)), missing->message()));
}

Result<void> writeOutputs(const Arguments &arguments, const Subgraph &graph, std::size_t samples, const std::vector<std::pair<std::string, TensorIndex>> &wanted,
                          const std::map<TensorIndex, TensorSamples> &results)
{
    NpzWriter writer;
    for (const auto &[key, tensor] : wanted) {
        const auto result = results.find(tensor);
        if (result == results.end())
            continue;
        std::vector<std::uint64_t> shape{samples};
        for (const std::int32_t dim : result->second.shape.dims())
            shape.push_back(static_cast<std::uint64_t>(dim));
        QL_CHECK(writer.add(key, graph.tensor(tensor).type, shape, result->second.bytes));
    }
    return writer.write(arguments.output);
}

Result<void> run(Console &console, std::stop_token stop, const Arguments &arguments)
{
    constexpr std::size_t kBatch = 16;
    QL_TRY(const auto model, readModel(arguments.model));
    const Subgraph &graph = model->main();
    QL_TRY(const NpzInputs inputs, NpzInputs::open(arguments.input, graph));
    QL_TRY(const auto prepared, PreparedModel::prepare(model, arguments.kernels, arguments.state == StatePolicy::Carry ? 1 : kBatch));
    noteMissing(console, *prepared);
    const auto wanted = wantedTensors(graph, arguments.allTensors);
    BatchRunOptions options{inputs.sampleCount(), arguments.state == StatePolicy::Carry, arguments.threads, {}};
    for (const auto &[key, tensor] : wanted)
        options.tensors.push_back(tensor);
    const InputReader read = [&](std::size_t sample, std::size_t input, std::span<std::byte> out) { return inputs.read(sample, input, out); };
    QL_TRY(const auto results, runSamples(prepared, options, read, stop, console.progress("samples")));
    if (results.empty())
        return fail(ErrorCode::NothingCompared, {.file = arguments.model, .got = "no tensor asked for can be computed"});
    return writeOutputs(arguments, graph, inputs.sampleCount(), wanted, results);
}

CommandAction define(CLI::App &app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.add_option("model", arguments->model, "A .tflite, .h5 or .keras model")->required()->type_name("MODEL");
    app.add_option("--input", arguments->input, "Samples of the inputs' own types, as arrays named as the inputs or in0, in1, ...")->required()->type_name("IN.npz");
    app.add_option("--output", arguments->output, "Where the outputs go, as out0, out1, ...")->required()->type_name("OUT.npz");
    app.add_flag("--all-tensors", arguments->allTensors, "Write every tensor an operator produces, as t<index>");
    addKernelsOption(app, arguments->kernels);
    addStateOption(app, arguments->state);
    addThreadsOption(app, arguments->threads);
    return [arguments](Console &console, std::stop_token stop) {
        const auto done = run(console, stop, *arguments);
        return done ? ExitCode::Done : report(console, done.error());
    };
}

} // namespace

extern const Command run_command{"run", "Run a model on samples and write its tensors", define};

} // namespace quantloupe
