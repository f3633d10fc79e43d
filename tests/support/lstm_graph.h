// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/graph_builder.h"

namespace quantloupe::test {

/// A graph of one int8 LSTM with nothing but what findings look at: cell state, intermediates[4], output.
inline std::shared_ptr<const Model> lstmGraph(float cellScale, float hiddenScale, float outputScale)
{
    GraphBuilder b;
    const TensorIndex x = b.input("x", {1, 4, 2}, DataType::Int8);
    b.op("UNIDIRECTIONAL_SEQUENCE_LSTM", {x}, "lstm", {1, 4, 2}, outputScale);
    Operator &lstm = b.graph().operators.back();
    lstm.inputs.resize(24);
    const auto add = [&](DataType type, float scale, bool isVariable) {
        Tensor tensor;
        tensor.name = isVariable ? "state" : "intermediate";
        tensor.type = type;
        tensor.shape = {1, 2};
        tensor.isVariable = isVariable;
        tensor.quant = {{scale}, {0}, 0};
        b.graph().tensors.push_back(tensor);
        return TensorIndex(b.graph().tensors.size() - 1);
    };
    lstm.inputs[18] = add(DataType::Int8, outputScale, true);
    lstm.inputs[19] = add(DataType::Int16, cellScale, true);
    lstm.intermediates.assign(4, add(DataType::Float32, 0.0f, false));
    lstm.intermediates.push_back(add(DataType::Int8, hiddenScale, false));
    return b.model();
}

} // namespace quantloupe::test
