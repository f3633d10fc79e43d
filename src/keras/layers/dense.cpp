// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/layer.h"

#include "keras/linear.h"

namespace quantloupe {
namespace {

/// kernel [depth, units], on the last axis of an input of any rank.
LayerResult lower(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    const Shape &input = call.shape();
    const bool hasBias = call.config.boolean("use_bias", true);
    const std::int64_t units = call.config.integer("units", 0);
    if (input.rank() < 2)
        return fail(call.invalid("an input of 2 dimensions or more", input.text()));
    QL_TRY(const WeightList weights, hasBias ? call.take({"kernel", "bias"}) : call.take({"kernel"}));
    const std::int32_t depth = input[input.rank() - 1];
    QL_CHECK(call.requireShape(*weights[0], {depth, units}));
    if (hasBias)
        QL_CHECK(call.requireShape(*weights[1], {units}));
    Dims dims = dimsOf(input);
    dims.back() = units;
    Options options;
    options.set("fused_activation_function", std::int64_t{0});
    options.set("keep_num_dims", std::int64_t{input.rank() > 2});
    const TensorIndex kernel = rearranged(call, *weights[0], {1, 0}, {units, depth}, "MatMul");
    QL_TRY(const TensorIndex product, call.graph.op("FULLY_CONNECTED", {call.x(), kernel, bias(call, hasBias ? weights[1] : nullptr, units)}, call.inner("BiasAdd"), dims, std::move(options)));
    QL_TRY(const TensorIndex result, activate(call, "activation", "linear", product));
    return named(call, result);
}

} // namespace

std::span<const KerasLayer> dense_layers()
{
    static const KerasLayer kLayers[] = {{"Dense", lower}};
    return kLayers;
}

} // namespace quantloupe
