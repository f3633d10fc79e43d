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
    bool internals = false;
    std::vector<std::string> feedback;
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

using NpzShape = std::vector<std::uint64_t>;

template <typename Code> Result<void> addCodes(NpzWriter &writer, const std::string &key, DataType type, const NpzShape &shape, const std::vector<std::int32_t> &wide)
{
    const std::vector<Code> codes(wide.begin(), wide.end());
    return writer.add(key, type, shape, std::as_bytes(std::span(codes)));
}

/// The gates, cell and hidden state of recurrent operators, as op<index>_<quantity>: real values, and where the operator
/// computes in integers also its codes with their scale and zero point, of an unrolled layer those of every step.
Result<void> addInternals(NpzWriter &writer, const InternalSamples &samples, NpzShape shape)
{
    const std::string key = fmt::format("op{}_{}", samples.op.value, name(samples.quantity));
    shape.insert(shape.end(), {samples.sequences, samples.steps, samples.units});
    QL_CHECK(writer.add(key, DataType::Float32, shape, std::as_bytes(std::span(samples.values))));
    switch (samples.type()) {
    case DataType::Int8: QL_CHECK(addCodes<std::int8_t>(writer, key + "_codes", DataType::Int8, shape, samples.codes())); break;
    case DataType::UInt8: QL_CHECK(addCodes<std::uint8_t>(writer, key + "_codes", DataType::UInt8, shape, samples.codes())); break;
    case DataType::Int16: QL_CHECK(addCodes<std::int16_t>(writer, key + "_codes", DataType::Int16, shape, samples.codes())); break;
    default: return {};
    }
    std::vector<float> scales;
    std::vector<std::int32_t> zeroPoints;
    for (const RnnRecord::Form &form : samples.forms) {
        scales.push_back(form.scale);
        zeroPoints.push_back(form.zeroPoint);
    }
    const NpzShape forms = scales.size() == 1 ? NpzShape{} : NpzShape{scales.size()};
    QL_CHECK(writer.add(key + "_scale", DataType::Float32, forms, std::as_bytes(std::span(scales))));
    return writer.add(key + "_zero_point", DataType::Int32, forms, std::as_bytes(std::span(zeroPoints)));
}

/// `leading` are the axes of samples, and of time steps with feedback.
Result<void> writeOutputs(const Arguments &arguments, const Subgraph &graph, const NpzShape &leading, const std::vector<std::pair<std::string, TensorIndex>> &wanted,
                          const BatchRunResults &results)
{
    NpzWriter writer;
    for (const auto &[key, tensor] : wanted) {
        const auto result = results.tensors.find(tensor);
        if (result == results.tensors.end())
            continue;
        NpzShape shape = leading;
        for (const std::int32_t dim : result->second.shape.dims())
            shape.push_back(static_cast<std::uint64_t>(dim));
        QL_CHECK(writer.add(key, graph.tensor(tensor).type, shape, result->second.bytes));
    }
    for (const InternalSamples &samples : results.internals)
        QL_CHECK(addInternals(writer, samples, leading));
    return writer.write(arguments.output);
}

Result<void> run(Console &console, std::stop_token stop, const Arguments &arguments)
{
    constexpr std::size_t kBatch = 16;
    QL_TRY(const auto model, readModel(arguments.model));
    const Subgraph &graph = model->main();
    QL_TRY(const Feedback feedback, Feedback::parse(arguments.feedback, graph));
    QL_TRY(const NpzInputs inputs, NpzInputs::open(arguments.input, graph, feedback));
    QL_TRY(const auto prepared, PreparedModel::prepare(model, arguments.kernels, arguments.state == StatePolicy::Carry ? 1 : kBatch));
    noteMissing(console, *prepared);
    const auto wanted = wantedTensors(graph, arguments.allTensors);
    BatchRunOptions options{.samples = inputs.sampleCount(), .carriesState = arguments.state == StatePolicy::Carry, .threads = arguments.threads, .tensors = {},
                            .feedback = feedback, .steps = inputs.stepCount(), .internals = arguments.internals};
    for (const auto &[key, tensor] : wanted)
        options.tensors.push_back(tensor);
    const InputReader read = [&](std::size_t sample, std::size_t step, std::size_t input, std::span<std::byte> out) { return inputs.read(sample, step, input, out); };
    QL_TRY(const auto results, runSamples(prepared, options, read, stop, console.progress("samples")));
    if (results.tensors.empty())
        return fail(ErrorCode::NothingCompared, {.file = arguments.model, .got = "no tensor asked for can be computed"});
    if (arguments.internals && results.internals.empty())
        console.note("the model has no LSTM, SVDF or other recurrent layer whose insides could be written");
    NpzShape leading{inputs.sampleCount()};
    if (!feedback.isEmpty())
        leading.push_back(inputs.stepCount());
    return writeOutputs(arguments, graph, leading, wanted, results);
}

CommandAction define(CLI::App &app)
{
    const auto arguments = std::make_shared<Arguments>();
    app.add_option("model", arguments->model, "A .tflite, .h5 or .keras model")->required()->type_name("MODEL");
    app.add_option("--input", arguments->input, "Samples of the inputs' own types, as arrays named as the inputs or in0, in1, ...")->required()->type_name("IN.npz");
    app.add_option("--output", arguments->output, "Where the outputs go, as out0, out1, ...")->required()->type_name("OUT.npz");
    app.add_flag("--all-tensors", arguments->allTensors, "Write every tensor an operator produces, as t<index>");
    app.add_flag("--lstm-internals", arguments->internals,
                 "Write the gates before and after activation, cell and hidden state of each LSTM, step by step, as op<index>_<gate>; also the state of each SVDF, and unrolled LSTMs, GRUs and simple RNNs by their last operator");
    addFeedbackOption(app, arguments->feedback);
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
