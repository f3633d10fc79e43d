// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace quantloupe {

/// An operator with constant int8 weights, and where its operands are.
struct LinearOperator {
    OperatorIndex index;
    TensorIndex input;
    TensorIndex weights;
    TensorIndex bias; ///< invalid where there is none
};

inline std::optional<LinearOperator> linearOperator(const Subgraph &graph, OperatorIndex index)
{
    const Operator &op = graph.op(index);
    const bool isTransposed = op.name == "TRANSPOSE_CONV"; // shape, weights, input, bias
    if (!isTransposed && op.name != "CONV_2D" && op.name != "DEPTHWISE_CONV_2D" && op.name != "FULLY_CONNECTED")
        return std::nullopt;
    const auto operand = [&](std::size_t position) { return position < op.inputs.size() ? op.inputs[position] : TensorIndex(); };
    const LinearOperator linear{index, operand(isTransposed ? 2 : 0), operand(1), operand(isTransposed ? 3 : 2)};
    if (!linear.input.isValid() || !linear.weights.isValid())
        return std::nullopt;
    const Tensor &weights = graph.tensor(linear.weights);
    if (!weights.isConstant() || weights.type != DataType::Int8 || !weights.quant.isQuantized())
        return std::nullopt;
    return linear;
}

template <typename F> void forEachLinearOperator(const Subgraph &graph, F &&f)
{
    for (std::size_t i = 0; i < graph.operators.size(); ++i)
        if (const auto linear = linearOperator(graph, OperatorIndex(i)))
            f(*linear);
}

inline std::span<const std::int8_t> codesOf(const Tensor &tensor)
{
    return {reinterpret_cast<const std::int8_t *>(tensor.constant.bytes.data()), tensor.constant.bytes.size()};
}

} // namespace quantloupe
