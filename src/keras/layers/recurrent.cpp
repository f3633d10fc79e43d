// SPDX-License-Identifier: GPL-3.0-or-later
//
// SimpleRNN, GRU, LSTM, and the wrappers Bidirectional and TimeDistributed. An LSTM of the usual activations that gives only
// its output becomes UNIDIRECTIONAL_SEQUENCE_LSTM, as the converter does it; all others are unrolled step by step.
// Every layer starts from zeros, or from the states it is called with: what a stateful layer kept from earlier calls is
// not in the file.
#include "keras/linear.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace quantloupe {
namespace {

constexpr std::int64_t kMostSteps = 8192;
constexpr std::int64_t kMostBatch = 4096; ///< the starting states are of the batch's length

/// Input [batch, steps, features] of a recurrent layer and its options.
struct Sequence {
    std::int64_t batch = 1;
    std::int64_t steps = 0;
    std::int64_t features = 0;
    std::int64_t units = 0;
    bool isBackwards = false;
    bool returnsSequences = false;
    bool returnsState = false;
    bool hasBias = true;
};

Result<Sequence> sequence(LayerCall &call)
{
    if (call.inputs.empty() || call.shape().rank() != 3)
        return fail(call.invalid("an input [batch, steps, features]", call.inputs.empty() ? "none" : call.shape().text()));
    Sequence s;
    s.batch = call.shape()[0];
    s.steps = call.shape()[1];
    s.features = call.shape()[2];
    s.units = call.config.integer("units", 0);
    s.isBackwards = call.config.boolean("go_backwards", false);
    s.returnsSequences = call.config.boolean("return_sequences", false);
    s.returnsState = call.config.boolean("return_state", false);
    s.hasBias = call.config.boolean("use_bias", true);
    if (call.config.boolean("time_major", false))
        return fail(call.unsupported("time_major false", "true"));
    if (s.steps < 1 || s.steps > kMostSteps)
        return fail(call.unsupported(fmt::format("1 to {} time steps", kMostSteps), fmt::format("{}", s.steps)));
    if (s.batch > kMostBatch)
        return fail(call.unsupported(fmt::format("a batch of at most {}", kMostBatch), fmt::format("{}", s.batch)));
    QL_CHECK(call.config.check());
    return s;
}

Options fullyConnected(bool keepsDims)
{
    Options options;
    options.set("fused_activation_function", std::int64_t{0});
    options.set("keep_num_dims", std::int64_t{keepsDims});
    return options;
}

/// kernel and recurrent kernel of `gates` blocks of units, as the format's rows, with biases.
struct GateWeights {
    TensorIndex kernel;    ///< [gates * units, features]
    TensorIndex recurrent; ///< [gates * units, units]
    std::vector<TensorIndex> biases; ///< [gates * units] each: of the input, and of the recurrent part where it has one
};

Result<WeightList> gateWeights(LayerCall &call, const Sequence &s, std::int64_t gates, const Dims &biasDims)
{
    QL_TRY(WeightList weights, s.hasBias ? call.take({"kernel", "recurrent_kernel", "bias"}) : call.take({"kernel", "recurrent_kernel"}));
    if (s.units < 1 || s.units > (1 << 24))
        return fail(call.invalid("units of 1 or more", fmt::format("{}", s.units)));
    QL_CHECK(call.requireShape(*weights[0], {s.features, gates * s.units}));
    QL_CHECK(call.requireShape(*weights[1], {s.units, gates * s.units}));
    if (s.hasBias)
        QL_CHECK(call.requireShape(*weights[2], biasDims));
    return weights;
}

/// Runs a cell over the steps of x, already multiplied with the kernel: [batch, steps, gates * units].
class Unrolled {
public:
    using Cell = std::function<Result<std::vector<TensorIndex>>(TensorIndex x, const std::vector<TensorIndex> &states, const std::string &step)>;

    Unrolled(LayerCall &call, const Sequence &s, std::size_t states) : m_call(call), m_s(s), m_stateCount(states) {}

    LayerResult operator()(TensorIndex projected, const Cell &cell)
    {
        GraphBuilder &graph = m_call.graph;
        QL_TRY(auto states, initialStates());
        Options axis;
        axis.set("num", m_s.steps);
        axis.set("axis", std::int64_t{1});
        const std::vector<Dims> dims(static_cast<std::size_t>(m_s.steps), Dims{m_s.batch, graph.shape(projected)[2]});
        QL_TRY(auto steps, graph.ops("UNPACK", {projected}, m_call.inner("unstack"), dims, std::move(axis)));
        if (m_s.isBackwards)
            std::ranges::reverse(steps);
        std::vector<TensorIndex> outputs;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            QL_TRY(states, cell(steps[i], states, fmt::format("{}/step{}", m_call.name, i)));
            outputs.push_back(states.front());
        }
        std::vector<TensorIndex> results{outputs.back()};
        if (m_s.returnsSequences) {
            Options pack;
            pack.set("values_count", m_s.steps);
            pack.set("axis", std::int64_t{1});
            QL_TRY(results.front(), graph.op("PACK", outputs, m_call.name, {m_s.batch, m_s.steps, m_s.units}, std::move(pack)));
        } else {
            graph.rename(results.front(), m_call.name);
        }
        if (m_s.returnsState)
            results.insert(results.end(), states.begin(), states.end());
        return results;
    }

private:
    Result<std::vector<TensorIndex>> initialStates()
    {
        std::vector<TensorIndex> states(m_call.inputs.begin() + 1, m_call.inputs.end());
        const Shape shape{static_cast<std::int32_t>(m_s.batch), static_cast<std::int32_t>(m_s.units)};
        if (states.empty())
            states.assign(m_stateCount, m_call.graph.floats(m_call.inner("zeros"), shape, std::vector<float>(static_cast<std::size_t>(shape.elementCount()))));
        for (const TensorIndex state : states)
            if (states.size() != m_stateCount || m_call.graph.shape(state) != shape)
                return fail(m_call.invalid(fmt::format("{} initial states of {}", m_stateCount, shape.text()), fmt::format("{}, one of {}", states.size(), m_call.graph.shape(state).text())));
        return states;
    }

    LayerCall &m_call;
    const Sequence &m_s;
    std::size_t m_stateCount;
};

Result<TensorIndex> project(LayerCall &call, const Sequence &s, TensorIndex kernel, TensorIndex bias, std::int64_t width)
{
    return call.graph.op("FULLY_CONNECTED", {call.x(), kernel, bias}, call.inner("MatMul"), {s.batch, s.steps, width}, fullyConnected(true));
}

Result<std::vector<TensorIndex>> split(LayerCall &call, TensorIndex x, std::int64_t parts, const std::string &tensor)
{
    const Shape shape = call.graph.shape(x);
    const std::int32_t one = 1;
    const TensorIndex axis = call.graph.constant(tensor + "/axis", Shape{}, ConstantData::copyOf(std::as_bytes(std::span(&one, 1))), DataType::Int32);
    Options options;
    options.set("num_splits", parts);
    return call.graph.ops("SPLIT", {axis, x}, tensor, std::vector<Dims>(static_cast<std::size_t>(parts), Dims{shape[0], shape[1] / parts}), std::move(options));
}

LayerResult lowerSimple(LayerCall &call)
{
    QL_TRY(const Sequence s, sequence(call));
    QL_TRY(const WeightList weights, gateWeights(call, s, 1, {s.units}));
    const TensorIndex kernel = rearranged(call, *weights[0], {1, 0}, {s.units, s.features}, "kernel");
    const TensorIndex recurrent = rearranged(call, *weights[1], {1, 0}, {s.units, s.units}, "recurrent_kernel");
    const TensorIndex zeros = bias(call, nullptr, s.units);
    QL_TRY(const TensorIndex projected, project(call, s, kernel, bias(call, s.hasBias ? weights[2] : nullptr, s.units), s.units));
    return Unrolled(call, s, 1)(projected, [&](TensorIndex x, const std::vector<TensorIndex> &states, const std::string &step) -> Result<std::vector<TensorIndex>> {
        QL_TRY(const TensorIndex h, call.graph.op("FULLY_CONNECTED", {states[0], recurrent, zeros}, step + "/recurrent", {s.batch, s.units}, fullyConnected(false)));
        QL_TRY(const TensorIndex sum, call.graph.binary("ADD", x, h, step + "/add"));
        QL_TRY(const TensorIndex output, activate(call, "activation", "tanh", sum));
        return std::vector{output};
    });
}

/// Gates z, r, h. With reset_after the recurrent part has a bias of its own, and r multiplies what it gives.
LayerResult lowerGru(LayerCall &call)
{
    QL_TRY(const Sequence s, sequence(call));
    const bool resetsAfter = call.config.boolean("reset_after", call.className == "GRU");
    QL_TRY(const WeightList weights, gateWeights(call, s, 3, resetsAfter ? Dims{2, 3 * s.units} : Dims{3 * s.units}));
    GraphBuilder &graph = call.graph;
    const TensorIndex kernel = rearranged(call, *weights[0], {1, 0}, {3 * s.units, s.features}, "kernel");
    const auto width = static_cast<std::size_t>(3 * s.units);
    std::vector<float> biases = s.hasBias ? floatsOf(*weights[2]) : std::vector<float>();
    biases.resize(2 * width);
    const std::span<const float> both(biases);
    const auto row = [&](std::string_view tensor, std::span<const float> values) { return graph.floats(call.inner(tensor), Shape{static_cast<std::int32_t>(values.size())}, values); };
    QL_TRY(const TensorIndex projected, project(call, s, kernel, row("bias", both.first(width)), 3 * s.units));
    const TensorIndex one = graph.scalar(call.inner("one"), 1.0f);

    TensorIndex recurrent;     // of all gates, or of z and r
    TensorIndex recurrentLast; // of h
    TensorIndex recurrentBias = row("recurrent_bias", both.subspan(width, width));
    TensorIndex zeros;
    if (resetsAfter) {
        recurrent = rearranged(call, *weights[1], {1, 0}, {3 * s.units, s.units}, "recurrent_kernel");
    } else {
        const auto units = static_cast<std::size_t>(s.units);
        const std::vector<float> all = floatsOf(*weights[1]); // [units, 3 * units]
        std::vector<float> rows(3 * units * units);
        for (std::size_t from = 0; from < units; ++from)
            for (std::size_t to = 0; to < 3 * units; ++to)
                rows[to * units + from] = all[from * 3 * units + to];
        const auto narrow = static_cast<std::int32_t>(s.units);
        recurrent = graph.floats(call.inner("recurrent_kernel_zr"), Shape{2 * narrow, narrow}, std::span(rows).first(2 * units * units));
        recurrentLast = graph.floats(call.inner("recurrent_kernel_h"), Shape{narrow, narrow}, std::span(rows).subspan(2 * units * units));
        recurrentBias = bias(call, nullptr, 2 * s.units);
        zeros = bias(call, nullptr, s.units);
    }
    return Unrolled(call, s, 1)(projected, [&](TensorIndex x, const std::vector<TensorIndex> &states, const std::string &step) -> Result<std::vector<TensorIndex>> {
        const TensorIndex h = states[0];
        QL_TRY(const auto xs, split(call, x, 3, step + "/split"));
        QL_TRY(const TensorIndex product, graph.op("FULLY_CONNECTED", {h, recurrent, recurrentBias}, step + "/recurrent", {s.batch, (resetsAfter ? 3 : 2) * s.units}, fullyConnected(false)));
        QL_TRY(const auto hs, split(call, product, resetsAfter ? 3 : 2, step + "/split_recurrent"));
        QL_TRY(const TensorIndex zSum, graph.binary("ADD", xs[0], hs[0], step + "/z"));
        QL_TRY(const TensorIndex z, activate(call, "recurrent_activation", "sigmoid", zSum));
        QL_TRY(const TensorIndex rSum, graph.binary("ADD", xs[1], hs[1], step + "/r"));
        QL_TRY(const TensorIndex r, activate(call, "recurrent_activation", "sigmoid", rSum));
        TensorIndex recalled;
        if (resetsAfter) {
            QL_TRY(recalled, graph.binary("MUL", r, hs[2], step + "/reset"));
        } else {
            QL_TRY(const TensorIndex reset, graph.binary("MUL", r, h, step + "/reset"));
            QL_TRY(recalled, graph.op("FULLY_CONNECTED", {reset, recurrentLast, zeros}, step + "/recurrent_h", {s.batch, s.units}, fullyConnected(false)));
        }
        QL_TRY(const TensorIndex hSum, graph.binary("ADD", xs[2], recalled, step + "/h"));
        QL_TRY(const TensorIndex candidate, activate(call, "activation", "tanh", hSum));
        QL_TRY(const TensorIndex kept, graph.binary("MUL", z, h, step + "/kept"));
        QL_TRY(const TensorIndex rest, graph.binary("SUB", one, z, step + "/rest"));
        QL_TRY(const TensorIndex fresh, graph.binary("MUL", rest, candidate, step + "/fresh"));
        QL_TRY(const TensorIndex output, graph.binary("ADD", kept, fresh, step + "/output"));
        return std::vector{output};
    });
}

/// Rows [units, columns] of gate `gate` of a kernel [columns, gates * units].
TensorIndex gateRows(LayerCall &call, const std::vector<float> &kernel, std::int64_t columns, std::int64_t units, std::int64_t gate, const std::string &tensor)
{
    std::vector<float> rows(static_cast<std::size_t>(units * columns));
    for (std::int64_t c = 0; c < columns; ++c)
        for (std::int64_t u = 0; u < units; ++u)
            rows[static_cast<std::size_t>(u * columns + c)] = kernel[static_cast<std::size_t>(c * 4 * units + gate * units + u)];
    return call.graph.floats(call.inner(tensor), Shape{static_cast<std::int32_t>(units), static_cast<std::int32_t>(columns)}, rows);
}

constexpr const char *kGates[] = {"input", "forget", "cell", "output"}; // the order of Keras and of the format alike

LayerResult lowerLstmOperator(LayerCall &call, const Sequence &s, const WeightList &weights)
{
    GraphBuilder &graph = call.graph;
    TensorIndex x = call.x();
    if (s.isBackwards) {
        const TensorIndex axis = graph.ints(call.inner("ReverseV2/axis"), {1});
        QL_TRY(x, graph.op("REVERSE_V2", {x, axis}, call.inner("ReverseV2"), dimsOf(call.shape())));
    }
    std::vector<TensorIndex> inputs(20);
    inputs[0] = x;
    const auto kernel = floatsOf(*weights[0]);
    const auto recurrent = floatsOf(*weights[1]);
    const auto biases = s.hasBias ? floatsOf(*weights[2]) : std::vector<float>(static_cast<std::size_t>(4 * s.units));
    for (std::size_t gate = 0; gate < 4; ++gate) {
        const auto g = static_cast<std::int64_t>(gate);
        inputs[1 + gate] = gateRows(call, kernel, s.features, s.units, g, fmt::format("input_to_{}", kGates[gate]));
        inputs[5 + gate] = gateRows(call, recurrent, s.units, s.units, g, fmt::format("recurrent_to_{}", kGates[gate]));
        inputs[12 + gate] = graph.floats(call.inner(fmt::format("{}_gate_bias", kGates[gate])), Shape{static_cast<std::int32_t>(s.units)},
                                         std::span(biases).subspan(gate * static_cast<std::size_t>(s.units), static_cast<std::size_t>(s.units)));
    }
    const Shape state{static_cast<std::int32_t>(s.batch), static_cast<std::int32_t>(s.units)};
    inputs[18] = graph.variable(call.inner("output_state"), state);
    inputs[19] = graph.variable(call.inner("cell_state"), state);
    Options options;
    options.set("fused_activation_function", std::int64_t{4}); // TANH
    options.set("cell_clip", 0.0);
    options.set("proj_clip", 0.0);
    options.set("time_major", std::int64_t{0});
    QL_TRY(TensorIndex result, graph.op("UNIDIRECTIONAL_SEQUENCE_LSTM", std::move(inputs), call.inner("lstm"), {s.batch, s.steps, s.units}, std::move(options)));
    if (!s.returnsSequences) {
        const auto narrow = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
        const TensorIndex begin = graph.ints(call.inner("strided_slice/begin"), {0, narrow(s.steps - 1), 0});
        const TensorIndex end = graph.ints(call.inner("strided_slice/end"), {narrow(s.batch), narrow(s.steps), narrow(s.units)});
        const TensorIndex strides = graph.ints(call.inner("strided_slice/strides"), {1, 1, 1});
        Options slice;
        slice.set("shrink_axis_mask", std::int64_t{2});
        QL_TRY(result, graph.op("STRIDED_SLICE", {result, begin, end, strides}, call.inner("strided_slice"), {s.batch, s.units}, std::move(slice)));
    }
    return named(call, result);
}

LayerResult lowerLstm(LayerCall &call)
{
    QL_TRY(const Sequence s, sequence(call));
    QL_TRY(const WeightList weights, gateWeights(call, s, 4, {4 * s.units}));
    const auto activation = [&](const char *key, const char *absent) {
        const auto *const named = call.config.find(key);
        return named ? activationName(*named) : std::string(absent);
    };
    const bool isUsual = activation("activation", "tanh") == "tanh" && activation("recurrent_activation", "sigmoid") == "sigmoid";
    if (isUsual && call.inputs.size() == 1 && !s.returnsState)
        return lowerLstmOperator(call, s, weights);
    GraphBuilder &graph = call.graph;
    const TensorIndex kernel = rearranged(call, *weights[0], {1, 0}, {4 * s.units, s.features}, "kernel");
    const TensorIndex recurrent = rearranged(call, *weights[1], {1, 0}, {4 * s.units, s.units}, "recurrent_kernel");
    const TensorIndex zeros = bias(call, nullptr, 4 * s.units);
    QL_TRY(const TensorIndex projected, project(call, s, kernel, bias(call, s.hasBias ? weights[2] : nullptr, 4 * s.units), 4 * s.units));
    return Unrolled(call, s, 2)(projected, [&](TensorIndex x, const std::vector<TensorIndex> &states, const std::string &step) -> Result<std::vector<TensorIndex>> {
        QL_TRY(const TensorIndex product, graph.op("FULLY_CONNECTED", {states[0], recurrent, zeros}, step + "/recurrent", {s.batch, 4 * s.units}, fullyConnected(false)));
        QL_TRY(const TensorIndex sum, graph.binary("ADD", x, product, step + "/add"));
        QL_TRY(const auto gates, split(call, sum, 4, step + "/split"));
        QL_TRY(const TensorIndex input, activate(call, "recurrent_activation", "sigmoid", gates[0]));
        QL_TRY(const TensorIndex forget, activate(call, "recurrent_activation", "sigmoid", gates[1]));
        QL_TRY(const TensorIndex candidate, activate(call, "activation", "tanh", gates[2]));
        QL_TRY(const TensorIndex output, activate(call, "recurrent_activation", "sigmoid", gates[3]));
        QL_TRY(const TensorIndex kept, graph.binary("MUL", forget, states[1], step + "/kept"));
        QL_TRY(const TensorIndex fresh, graph.binary("MUL", input, candidate, step + "/fresh"));
        QL_TRY(const TensorIndex cell, graph.binary("ADD", kept, fresh, step + "/cell"));
        QL_TRY(const TensorIndex squashed, activate(call, "activation", "tanh", cell));
        QL_TRY(const TensorIndex h, graph.binary("MUL", output, squashed, step + "/output"));
        return std::vector{h, cell};
    });
}

Result<TensorIndex> reversed(LayerCall &call, TensorIndex x, const std::string &tensor)
{
    const TensorIndex axis = call.graph.ints(tensor + "/axis", {1});
    return call.graph.op("REVERSE_V2", {x, axis}, tensor, dimsOf(call.graph.shape(x)));
}

Result<TensorIndex> merged(LayerCall &call, const std::string &mode, TensorIndex forward, TensorIndex backward)
{
    GraphBuilder &graph = call.graph;
    if (mode == "sum")
        return graph.binary("ADD", forward, backward, call.inner("add"));
    if (mode == "mul")
        return graph.binary("MUL", forward, backward, call.inner("mul"));
    if (mode == "ave") {
        QL_TRY(const TensorIndex sum, graph.binary("ADD", forward, backward, call.inner("add")));
        return graph.binary("MUL", sum, graph.scalar(call.inner("truediv/y"), 0.5f), call.inner("truediv"));
    }
    if (mode != "concat")
        return fail(call.unsupported("merge_mode sum, mul, ave, concat or null", mode));
    Dims dims = dimsOf(graph.shape(forward));
    dims.back() += graph.shape(backward)[graph.shape(backward).rank() - 1];
    Options options;
    options.set("axis", static_cast<std::int64_t>(dims.size() - 1));
    options.set("fused_activation_function", std::int64_t{0});
    return graph.op("CONCATENATION", {forward, backward}, call.inner("concat"), dims, std::move(options));
}

/// Two layers, one of which reads the steps from the last to the first; half of the weights and initial states each.
LayerResult lowerBidirectional(LayerCall &call)
{
    const auto *const layer = call.config.find("layer");
    if (!layer || !layer->is_object() || !layer->contains("config") || !(*layer)["config"].is_object() || call.inputs.size() % 2 != 1 || call.weights.size() % 2 != 0)
        return fail(call.invalid("a layer to run both ways, and weights for both", fmt::format("{} inputs, {} weights", call.inputs.size(), call.weights.size())));
    const LayerConfig inner((*layer)["config"]);
    nlohmann::json backwardLayer = call.config.has("backward_layer") ? *call.config.find("backward_layer") : *layer;
    if (!call.config.has("backward_layer"))
        backwardLayer["config"]["go_backwards"] = !inner.boolean("go_backwards", false);

    const auto half = [](const auto &all, std::size_t first, std::size_t second) {
        const std::size_t length = (all.size() - first) / 2;
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(first + second * length);
        return std::vector(from, from + static_cast<std::ptrdiff_t>(length));
    };
    const auto inputsOf = [&](std::size_t second) {
        auto inputs = half(call.inputs, 1, second);
        inputs.insert(inputs.begin(), call.x());
        return inputs;
    };
    QL_TRY(auto forward, lowerInner(call, *layer, call.inner("forward"), inputsOf(0), half(call.weights, 0, 0)));
    QL_TRY(auto backward, lowerInner(call, backwardLayer, call.inner("backward"), inputsOf(1), half(call.weights, 0, 1)));
    QL_CHECK(inner.check());
    if (inner.boolean("return_sequences", false)) {
        QL_TRY(backward.front(), reversed(call, backward.front(), call.inner("ReverseV2")));
    }
    const auto *const mode = call.config.find("merge_mode");
    std::vector<TensorIndex> results;
    const bool isMerged = mode != nullptr || !call.config.json().contains("merge_mode");
    if (isMerged) {
        QL_TRY(const TensorIndex result, merged(call, call.config.text("merge_mode", "concat"), forward.front(), backward.front()));
        call.graph.rename(result, call.name);
        results = {result};
    } else {
        results = {forward.front(), backward.front()};
    }
    results.insert(results.end(), forward.begin() + 1, forward.end());
    results.insert(results.end(), backward.begin() + 1, backward.end());
    return results;
}

/// The inner layer on every step alike: steps join the batch for it.
LayerResult lowerTimeDistributed(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const auto *const layer = call.config.find("layer");
    const Shape shape = call.shape();
    if (!layer || shape.rank() < 3)
        return fail(call.invalid("a layer, and an input [batch, steps, ...]", shape.text()));
    Dims joined = dimsOf(shape);
    joined.erase(joined.begin());
    joined[0] = shape.product(0, 2);
    QL_TRY(const TensorIndex x, call.graph.reshape(call.x(), joined, call.inner("Reshape")));
    QL_TRY(const auto results, lowerInner(call, *layer, call.inner("layer"), {x}, call.weights));
    Dims dims = dimsOf(call.graph.shape(results.front()));
    dims[0] = shape[1];
    dims.insert(dims.begin(), shape[0]);
    QL_TRY(const TensorIndex result, call.graph.reshape(results.front(), dims, call.name));
    return named(call, result);
}

} // namespace

std::span<const KerasLayer> recurrent_layers()
{
    static const KerasLayer kLayers[] = {
        {"SimpleRNN", lowerSimple}, {"GRU", lowerGru}, {"GRUV1", lowerGru}, {"LSTM", lowerLstm}, {"LSTMV1", lowerLstm},
        {"Bidirectional", lowerBidirectional}, {"TimeDistributed", lowerTimeDistributed},
    };
    return kLayers;
}

} // namespace quantloupe
