// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/graph_builder.h"

#include "base/half.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

/// A recurrent layer is unrolled over its steps: what a file may make of that is bounded.
constexpr std::size_t kMostOperators = 400'000;

Result<Shape> shapeOf(const Dims &dims)
{
    std::vector<std::int32_t> narrow;
    for (const std::int64_t dim : dims) {
        if (dim < 0 || dim > std::numeric_limits<std::int32_t>::max())
            return fail(ErrorCode::ShapeInvalid, {.expected = "dimensions from 0 to 2147483647", .got = fmt::format("{}", dim)});
        narrow.push_back(static_cast<std::int32_t>(dim));
    }
    return Shape::make(narrow);
}

template <typename T> void widen(std::span<const std::byte> bytes, std::vector<float> &out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
        out[i] = static_cast<float>(value);
    }
}

} // namespace

Dims dimsOf(const Shape &shape)
{
    return {shape.dims().begin(), shape.dims().end()};
}

TensorIndex GraphBuilder::add(Tensor tensor)
{
    m_graph.tensors.push_back(std::move(tensor));
    return TensorIndex(m_graph.tensors.size() - 1);
}

Result<TensorIndex> GraphBuilder::input(std::string name, const Dims &dims, std::vector<std::int32_t> signature, DataType type)
{
    QL_TRY(const Shape shape, shapeOf(dims));
    const TensorIndex index = add({.name = std::move(name), .type = type, .shape = shape, .shapeSignature = std::move(signature), .quant = {}, .constant = {}});
    m_graph.inputs.push_back(index);
    return index;
}

bool GraphBuilder::isInput(TensorIndex index) const
{
    return std::ranges::find(m_graph.inputs, index) != m_graph.inputs.end();
}

Result<TensorIndex> GraphBuilder::op(std::string op, std::vector<TensorIndex> inputs, std::string name, const Dims &dims, Options options, DataType type)
{
    QL_TRY(const auto outputs, ops(std::move(op), std::move(inputs), std::move(name), {dims}, std::move(options)));
    m_graph.tensors[outputs.front().position()].type = type;
    return outputs.front();
}

Result<std::vector<TensorIndex>> GraphBuilder::ops(std::string op, std::vector<TensorIndex> inputs, std::string name, const std::vector<Dims> &dims, Options options)
{
    if (m_graph.operators.size() >= kMostOperators)
        return fail(ErrorCode::FeatureUnsupported, {.expected = fmt::format("a network of at most {} operators", kMostOperators), .got = "a larger one"});
    Operator added;
    added.name = std::move(op);
    added.inputs = std::move(inputs);
    added.options = std::move(options);
    for (std::size_t i = 0; i < dims.size(); ++i) {
        QL_TRY(const Shape shape, shapeOf(dims[i]));
        added.outputs.push_back(add({.name = dims.size() == 1 ? name : fmt::format("{}:{}", name, i), .shape = shape, .shapeSignature = {}, .quant = {}, .constant = {}}));
    }
    m_graph.operators.push_back(std::move(added));
    return m_graph.operators.back().outputs;
}

TensorIndex GraphBuilder::constant(std::string name, const Shape &shape, ConstantData data, DataType type)
{
    return add({.name = std::move(name), .type = type, .shape = shape, .shapeSignature = {}, .quant = {}, .constant = std::move(data)});
}

TensorIndex GraphBuilder::floats(std::string name, const Shape &shape, std::span<const float> values)
{
    return constant(std::move(name), shape, ConstantData::copyOf(std::as_bytes(values)));
}

TensorIndex GraphBuilder::ints(std::string name, const std::vector<std::int32_t> &values)
{
    return constant(std::move(name), Shape{static_cast<std::int32_t>(values.size())}, ConstantData::copyOf(std::as_bytes(std::span(values))), DataType::Int32);
}

TensorIndex GraphBuilder::variable(std::string name, const Shape &shape)
{
    return add({.name = std::move(name), .shape = shape, .shapeSignature = {}, .quant = {}, .constant = {}, .isVariable = true});
}

Result<TensorIndex> GraphBuilder::unary(const std::string &name, TensorIndex x, std::string tensor, Options options)
{
    return op(name, {x}, std::move(tensor), dimsOf(shape(x)), std::move(options));
}

Result<TensorIndex> GraphBuilder::binary(const std::string &name, TensorIndex a, TensorIndex b, std::string tensor)
{
    const Shape &left = shape(a);
    const Shape &right = shape(b);
    Dims dims(static_cast<std::size_t>(std::max(left.rank(), right.rank())));
    for (int i = 1; i <= static_cast<int>(dims.size()); ++i) {
        const std::int32_t l = i <= left.rank() ? left[left.rank() - i] : 1;
        const std::int32_t r = i <= right.rank() ? right[right.rank() - i] : 1;
        if (l != r && l != 1 && r != 1)
            return fail(ErrorCode::ModelInvalid, {.expected = "shapes that broadcast", .got = fmt::format("{} and {}", left.text(), right.text())});
        dims[dims.size() - static_cast<std::size_t>(i)] = l == 1 ? r : l;
    }
    return op(name, {a, b}, std::move(tensor), dims);
}

Result<TensorIndex> GraphBuilder::reshape(TensorIndex x, const Dims &dims, std::string tensor)
{
    std::vector<std::int32_t> target;
    std::int64_t elements = 1;
    for (const std::int64_t dim : dims) {
        if (dim < 0 || dim > std::numeric_limits<std::int32_t>::max() || (dim > 0 && elements > std::numeric_limits<std::int32_t>::max() / dim))
            return fail(ErrorCode::ShapeInvalid, {.expected = "a shape of at most 2147483647 elements", .got = fmt::format("{}", fmt::join(dims, "x"))});
        elements *= dim;
        target.push_back(static_cast<std::int32_t>(dim));
    }
    if (elements != shape(x).elementCount())
        return fail(ErrorCode::ModelInvalid, {.expected = fmt::format("a shape of {} elements", shape(x).elementCount()), .got = fmt::format("{}", fmt::join(dims, "x"))});
    const TensorIndex to = ints(tensor + "/shape", target);
    const DataType type = this->tensor(x).type;
    return op("RESHAPE", {x, to}, std::move(tensor), dims, {}, type);
}

Result<TensorIndex> GraphBuilder::transpose(TensorIndex x, const std::vector<std::int32_t> &perm, std::string tensor)
{
    Dims dims;
    for (const std::int32_t axis : perm)
        dims.push_back(shape(x)[axis]);
    const TensorIndex by = ints(tensor + "/perm", perm);
    return op("TRANSPOSE", {x, by}, std::move(tensor), dims);
}

Result<TensorIndex> GraphBuilder::reduce(const std::string &name, TensorIndex x, const std::vector<std::int32_t> &axes, bool keepDims, std::string tensor)
{
    Dims dims;
    for (int axis = 0; axis < shape(x).rank(); ++axis) {
        if (std::ranges::find(axes, axis) == axes.end())
            dims.push_back(shape(x)[axis]);
        else if (keepDims)
            dims.push_back(1);
    }
    const TensorIndex over = ints(tensor + "/axes", axes);
    Options options;
    options.set("keep_dims", std::int64_t{keepDims});
    return op(name, {x, over}, std::move(tensor), dims, std::move(options));
}

std::vector<float> floatsOf(const KerasWeight &weight)
{
    std::vector<float> values(static_cast<std::size_t>(weight.shape.elementCount()));
    switch (weight.type) {
    case DataType::Float32: widen<float>(weight.bytes, values); break;
    case DataType::Float64: widen<double>(weight.bytes, values); break;
    case DataType::Int8: widen<std::int8_t>(weight.bytes, values); break;
    case DataType::UInt8: widen<std::uint8_t>(weight.bytes, values); break;
    case DataType::Int16: widen<std::int16_t>(weight.bytes, values); break;
    case DataType::UInt16: widen<std::uint16_t>(weight.bytes, values); break;
    case DataType::Int32: widen<std::int32_t>(weight.bytes, values); break;
    case DataType::UInt32: widen<std::uint32_t>(weight.bytes, values); break;
    case DataType::Int64: widen<std::int64_t>(weight.bytes, values); break;
    case DataType::UInt64: widen<std::uint64_t>(weight.bytes, values); break;
    case DataType::Float16:
        for (std::size_t i = 0; i < values.size(); ++i) {
            std::uint16_t bits = 0;
            std::memcpy(&bits, weight.bytes.data() + i * sizeof bits, sizeof bits);
            values[i] = halfToFloat(bits);
        }
        break;
    default: break;
    }
    return values;
}

ConstantData floatData(const KerasWeight &weight)
{
    constexpr std::uintptr_t kAlignment = 16;
    if (weight.type == DataType::Float32 && reinterpret_cast<std::uintptr_t>(weight.bytes.data()) % kAlignment == 0 && weight.bytes.owner)
        return {weight.bytes.owner, weight.bytes.bytes};
    const std::vector<float> values = floatsOf(weight);
    return ConstantData::copyOf(std::as_bytes(std::span(values)));
}

} // namespace quantloupe
