// SPDX-License-Identifier: GPL-3.0-or-later
//
// Flatten, Reshape, Permute, RepeatVector, and Embedding, which turns indices into rows.
#include "keras/layer.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

LayerResult lowerFlatten(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    TensorIndex x = call.x();
    const Shape shape = call.shape();
    if (shape.rank() < 1)
        return fail(call.invalid("an input with a batch", shape.text()));
    if (call.isChannelsFirst() && shape.rank() > 2) {
        std::vector<std::int32_t> perm{0};
        for (std::int32_t axis = 2; axis < shape.rank(); ++axis)
            perm.push_back(axis);
        perm.push_back(1);
        QL_TRY(x, call.graph.transpose(x, perm, call.inner("transpose")));
    }
    QL_TRY(const TensorIndex result, call.graph.reshape(x, {shape[0], shape.product(1, shape.rank())}, call.name));
    return named(call, result);
}

/// target_shape without the batch; one dimension may be -1.
LayerResult lowerReshape(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const Shape shape = call.shape();
    Dims target = call.config.list(call.config.has("newshape") ? "newshape" : "target_shape");
    if (call.config.has("newshape") && !target.empty())
        target.erase(target.begin()); // Keras 3's operation counts the batch
    const std::int64_t elements = shape.product(1, shape.rank());
    std::int64_t known = 1;
    std::size_t open = target.size();
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (target[i] == -1 && open == target.size())
            open = i;
        else if (target[i] < 0 || target[i] > elements)
            return fail(call.invalid(fmt::format("a shape of {} elements", elements), fmt::format("{}", fmt::join(target, "x"))));
        else if ((known *= target[i]) > elements)
            return fail(call.invalid(fmt::format("a shape of {} elements", elements), fmt::format("{}", fmt::join(target, "x"))));
    }
    if (open < target.size()) {
        if (known == 0 || elements % known != 0)
            return fail(call.invalid(fmt::format("a shape of {} elements", elements), fmt::format("{}", fmt::join(target, "x"))));
        target[open] = elements / known;
    }
    target.insert(target.begin(), shape[0]);
    QL_TRY(const TensorIndex result, call.graph.reshape(call.x(), target, call.name));
    return named(call, result);
}

/// dims count from 1: the batch stays in front.
LayerResult lowerPermute(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const auto dims = call.config.list("dims");
    std::vector<std::int32_t> perm{0};
    for (std::int64_t dim = 1; dim < call.shape().rank(); ++dim)
        if (std::ranges::count(dims, dim) != 1)
            return fail(call.invalid(fmt::format("each of 1..{} once", call.shape().rank() - 1), fmt::format("{}", fmt::join(dims, ", "))));
    for (const std::int64_t dim : dims)
        perm.push_back(static_cast<std::int32_t>(dim));
    if (static_cast<int>(perm.size()) != call.shape().rank())
        return fail(call.invalid(fmt::format("{} axes", call.shape().rank() - 1), fmt::format("{}", dims.size())));
    QL_TRY(const TensorIndex result, call.graph.transpose(call.x(), perm, call.name));
    return named(call, result);
}

LayerResult lowerRepeatVector(LayerCall &call)
{
    QL_CHECK(call.requireRank(2));
    const std::int64_t n = call.config.integer("n", 0);
    const Shape shape = call.shape();
    constexpr std::int64_t kLargest = 1 << 24;
    if (n < 1 || n > kLargest)
        return fail(call.invalid(fmt::format("n from 1 to {}", kLargest), fmt::format("{}", n)));
    QL_TRY(const TensorIndex row, call.graph.reshape(call.x(), {shape[0], 1, shape[1]}, call.inner("ExpandDims")));
    const TensorIndex times = call.graph.ints(call.inner("stack"), {1, static_cast<std::int32_t>(n), 1});
    QL_TRY(const TensorIndex result, call.graph.op("TILE", {row, times}, call.name, {shape[0], n, shape[1]}));
    return named(call, result);
}

/// embeddings [words, length]. What a mask would leave out is not known here.
LayerResult lowerEmbedding(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    if (call.config.boolean("mask_zero", false))
        return fail(call.unsupported("mask_zero false", "true"));
    QL_TRY(const WeightList weights, call.take({"embeddings"}));
    const KerasWeight &table = *weights[0];
    if (table.shape.rank() != 2)
        return fail(call.invalid("embeddings of 2 dimensions", table.shape.text()));
    TensorIndex x = call.x();
    Dims dims = dimsOf(call.shape());
    if (call.graph.tensor(x).type != DataType::Int32) {
        Options cast;
        cast.set("in_data_type", static_cast<std::int64_t>(call.graph.tensor(x).type));
        cast.set("out_data_type", static_cast<std::int64_t>(DataType::Int32));
        QL_TRY(x, call.graph.op("CAST", {x}, call.inner("Cast"), dims, std::move(cast), DataType::Int32));
    }
    dims.push_back(table.shape[1]);
    const TensorIndex rows = call.graph.constant(call.inner("embeddings"), table.shape, floatData(table));
    Options options;
    options.set("axis", std::int64_t{0});
    options.set("batch_dims", std::int64_t{0});
    QL_TRY(const TensorIndex result, call.graph.op("GATHER", {rows, x}, call.name, dims, std::move(options)));
    return named(call, result);
}

} // namespace

std::span<const KerasLayer> reshaping_layers()
{
    static const KerasLayer kLayers[] = {
        {"Flatten", lowerFlatten}, {"Reshape", lowerReshape}, {"Permute", lowerPermute}, {"RepeatVector", lowerRepeatVector}, {"Embedding", lowerEmbedding},
    };
    return kLayers;
}

} // namespace quantloupe
