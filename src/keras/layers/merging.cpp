// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layers of several inputs: Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate.
#include "keras/arguments.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Inputs of fewer dimensions get ones after the batch, as Keras does before it lets them broadcast.
Result<std::vector<TensorIndex>> ofEqualRank(LayerCall &call)
{
    int rank = 0;
    for (const TensorIndex input : call.inputs)
        rank = std::max(rank, call.graph.shape(input).rank());
    std::vector<TensorIndex> inputs;
    for (TensorIndex input : call.inputs) {
        const Shape shape = call.graph.shape(input);
        if (shape.rank() > 0 && shape.rank() < rank) {
            Dims dims = dimsOf(shape);
            dims.insert(dims.begin() + 1, static_cast<std::size_t>(rank - shape.rank()), 1);
            QL_TRY(input, call.graph.reshape(input, dims, call.inner("ExpandDims")));
        }
        inputs.push_back(input);
    }
    return inputs;
}

Result<TensorIndex> fold(LayerCall &call, const char *op)
{
    if (call.inputs.size() < 2) {
        // Keras 3 has the same classes for x * 2.0.
        Arguments arguments(call);
        const TensorIndex a = arguments.operand("x1", 0);
        const TensorIndex b = arguments.operand("x2", 1);
        if (!a.isValid() || !b.isValid())
            return fail(call.invalid("2 inputs or more", fmt::format("{}", call.inputs.size())));
        return call.graph.binary(op, a, b, call.inner(op));
    }
    QL_TRY(const auto inputs, ofEqualRank(call));
    TensorIndex result = inputs.front();
    for (std::size_t i = 1; i < inputs.size(); ++i) {
        QL_TRY(result, call.graph.binary(op, result, inputs[i], call.inner(op)));
    }
    return result;
}

LayerResult lowerFold(LayerCall &call, const char *op)
{
    QL_TRY(const TensorIndex result, fold(call, op));
    return named(call, result);
}

LayerResult lowerAdd(LayerCall &call) { return lowerFold(call, "ADD"); }
LayerResult lowerMultiply(LayerCall &call) { return lowerFold(call, "MUL"); }
LayerResult lowerMaximum(LayerCall &call) { return lowerFold(call, "MAXIMUM"); }
LayerResult lowerMinimum(LayerCall &call) { return lowerFold(call, "MINIMUM"); }

LayerResult lowerSubtract(LayerCall &call)
{
    if (call.inputs.size() > 2)
        return fail(call.invalid("2 inputs", fmt::format("{}", call.inputs.size())));
    return lowerFold(call, "SUB");
}

LayerResult lowerAverage(LayerCall &call)
{
    QL_TRY(const TensorIndex sum, fold(call, "ADD"));
    const TensorIndex count = call.graph.scalar(call.inner("truediv/y"), 1.0f / static_cast<float>(call.inputs.size()));
    QL_TRY(const TensorIndex result, call.graph.binary("MUL", sum, count, call.name));
    return named(call, result);
}

LayerResult lowerConcatenate(LayerCall &call)
{
    if (call.inputs.empty())
        return fail(call.invalid("inputs", "none"));
    const int rank = call.shape().rank();
    const std::int64_t wanted = call.config.integer("axis", -1);
    const std::int64_t axis = wanted < 0 ? wanted + rank : wanted;
    if (axis < 0 || axis >= rank)
        return fail(call.invalid(fmt::format("an axis of {}", call.shape().text()), fmt::format("{}", wanted)));
    Dims dims = dimsOf(call.shape());
    dims[static_cast<std::size_t>(axis)] = 0;
    for (const TensorIndex input : call.inputs) {
        const Shape &shape = call.graph.shape(input);
        bool fits = shape.rank() == rank;
        for (int i = 0; fits && i < rank; ++i)
            fits = i == axis || shape[i] == call.shape()[i];
        if (!fits)
            return fail(call.invalid(fmt::format("inputs like {} but for axis {}", call.shape().text(), axis), shape.text()));
        dims[static_cast<std::size_t>(axis)] += shape[static_cast<int>(axis)];
    }
    Options options;
    options.set("axis", axis);
    options.set("fused_activation_function", std::int64_t{0});
    QL_TRY(const TensorIndex result, call.graph.op("CONCATENATION", call.inputs, call.name, dims, std::move(options), call.graph.tensor(call.x()).type));
    return named(call, result);
}

} // namespace

std::span<const KerasLayer> merging_layers()
{
    static const KerasLayer kLayers[] = {
        {"Add", lowerAdd}, {"Subtract", lowerSubtract}, {"Multiply", lowerMultiply}, {"Average", lowerAverage}, {"Maximum", lowerMaximum}, {"Minimum", lowerMinimum},
        {"Concatenate", lowerConcatenate},
    };
    return kLayers;
}

} // namespace quantloupe
