// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace quantloupe::test {

/// Builds a Model by hand: constants, inputs and operators one after another.
class GraphBuilder {
public:
    GraphBuilder() { m_model->subgraphs.emplace_back(); }

    TensorIndex input(const std::string &name, const Shape &shape, DataType type = DataType::Float32)
    {
        const TensorIndex index = add(name, shape, type);
        graph().inputs.push_back(index);
        return index;
    }
    TensorIndex constant(const std::string &name, const Shape &shape, const std::vector<float> &values)
    {
        const TensorIndex index = add(name, shape, DataType::Float32);
        graph().tensors[index.position()].constant = ConstantData::copyOf(std::as_bytes(std::span(values)));
        return index;
    }
    TensorIndex constant(const std::string &name, const Shape &shape, const std::vector<std::int8_t> &values, float scale)
    {
        const TensorIndex index = add(name, shape, DataType::Int8, scale);
        graph().tensors[index.position()].constant = ConstantData::copyOf(std::as_bytes(std::span(values)));
        return index;
    }
    /// An int8 result when `scale` is above 0, else a float one.
    TensorIndex op(const std::string &kind, std::initializer_list<TensorIndex> inputs, const std::string &name, const Shape &shape, float scale = 0.0f)
    {
        const TensorIndex output = add(name, shape, scale > 0.0f ? DataType::Int8 : DataType::Float32, scale);
        Operator op;
        op.name = kind;
        op.inputs = inputs;
        op.outputs = {output};
        graph().operators.push_back(std::move(op));
        graph().outputs = {output};
        return output;
    }
    Subgraph &graph() { return m_model->subgraphs.front(); }
    std::shared_ptr<const Model> model() const { return m_model; }

private:
    TensorIndex add(const std::string &name, const Shape &shape, DataType type, float scale = 0.0f)
    {
        Tensor tensor;
        tensor.name = name;
        tensor.shape = shape;
        tensor.type = type;
        if (scale > 0.0f)
            tensor.quant = {{scale}, {0}, 0};
        graph().tensors.push_back(std::move(tensor));
        return TensorIndex(graph().tensors.size() - 1);
    }

    std::shared_ptr<Model> m_model = std::make_shared<Model>();
};

} // namespace quantloupe::test
