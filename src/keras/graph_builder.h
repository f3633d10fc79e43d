// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"
#include "keras/keras_file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// Dimensions while they are computed: wide enough that a product of two of a file's numbers does not overflow.
using Dims = std::vector<std::int64_t>;
Dims dimsOf(const Shape &shape);

/// Makes the main graph of a Model operator by operator. Operators are those of the .tflite format; every activation is
/// an operator of its own, so that each layer's result is a tensor.
class GraphBuilder {
public:
    Result<TensorIndex> input(std::string name, const Dims &dims, std::vector<std::int32_t> signature, DataType type);
    Result<TensorIndex> op(std::string op, std::vector<TensorIndex> inputs, std::string name, const Dims &dims, Options options = {}, DataType type = DataType::Float32);
    /// For operators of several outputs, all float32 of the same shape.
    Result<std::vector<TensorIndex>> ops(std::string op, std::vector<TensorIndex> inputs, std::string name, const std::vector<Dims> &dims, Options options = {});

    TensorIndex floats(std::string name, const Shape &shape, std::span<const float> values);
    TensorIndex scalar(std::string name, float value) { return floats(std::move(name), Shape{}, {&value, 1}); }
    TensorIndex ints(std::string name, const std::vector<std::int32_t> &values);
    TensorIndex constant(std::string name, const Shape &shape, ConstantData data, DataType type = DataType::Float32);
    TensorIndex variable(std::string name, const Shape &shape);

    const Tensor &tensor(TensorIndex index) const { return m_graph.tensors[index.position()]; }
    const Shape &shape(TensorIndex index) const { return tensor(index).shape; }
    void rename(TensorIndex index, std::string name) { m_graph.tensors[index.position()].name = std::move(name); }
    bool isInput(TensorIndex index) const;

    /// y = op(a, b) with broadcasting: ADD, SUB, MUL, DIV, MAXIMUM, MINIMUM, ...
    Result<TensorIndex> binary(const std::string &op, TensorIndex a, TensorIndex b, std::string name);
    Result<TensorIndex> unary(const std::string &op, TensorIndex x, std::string name, Options options = {});
    Result<TensorIndex> reshape(TensorIndex x, const Dims &dims, std::string name);
    /// perm[i]: which axis of x becomes axis i.
    Result<TensorIndex> transpose(TensorIndex x, const std::vector<std::int32_t> &perm, std::string name);
    /// Sums, means, maxima over axes.
    Result<TensorIndex> reduce(const std::string &op, TensorIndex x, const std::vector<std::int32_t> &axes, bool keepDims, std::string name);

    Subgraph take() { return std::move(m_graph); }
    const Subgraph &graph() const { return m_graph; }

private:
    TensorIndex add(Tensor tensor);

    Subgraph m_graph;
};

/// A weight's elements as float32: the file's own bytes where they are that already and lie aligned.
ConstantData floatData(const KerasWeight &weight);
std::vector<float> floatsOf(const KerasWeight &weight);

} // namespace quantloupe
