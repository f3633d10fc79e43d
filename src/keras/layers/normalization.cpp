// SPDX-License-Identifier: GPL-3.0-or-later
//
// BatchNormalization with what it learned, LayerNormalization, and the preprocessing layers Normalization and Rescaling.
#include "keras/layer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// "axis" as one integer or a list, counted from the front; `absent` where there is none.
Result<std::vector<std::int32_t>> axes(LayerCall &call, std::int64_t absent)
{
    const auto *const listed = call.config.find("axis");
    std::vector<std::int64_t> wanted = listed && listed->is_array() ? call.config.list("axis") : std::vector{call.config.integer("axis", absent)};
    const std::int64_t rank = call.shape().rank();
    std::vector<std::int32_t> axes;
    for (std::int64_t axis : wanted) {
        axis = axis < 0 ? axis + rank : axis;
        if (axis < 0 || axis >= rank || std::ranges::find(axes, axis) != axes.end())
            return fail(call.invalid(fmt::format("axes of {}", call.shape().text()), fmt::format("{}", fmt::join(wanted, ", "))));
        axes.push_back(static_cast<std::int32_t>(axis));
    }
    std::ranges::sort(axes);
    return axes;
}

/// A shape that broadcasts over the input: its own length along `axes`, 1 along the others, none before the first.
Shape along(LayerCall &call, const std::vector<std::int32_t> &axes)
{
    Shape shape;
    for (std::int32_t axis = axes.empty() ? call.shape().rank() : axes.front(); axis < call.shape().rank(); ++axis)
        shape.append(std::ranges::find(axes, axis) != axes.end() ? call.shape()[axis] : 1);
    return shape;
}

Result<TensorIndex> affine(LayerCall &call, TensorIndex x, const Shape &shape, const std::vector<float> &scale, const std::vector<float> &shift)
{
    QL_TRY(const TensorIndex product, call.graph.binary("MUL", x, call.graph.floats(call.inner("scale"), shape, scale), call.inner("mul")));
    return call.graph.binary("ADD", product, call.graph.floats(call.inner("shift"), shape, shift), call.inner("add"));
}

LayerResult lowerBatch(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(const auto axis, axes(call, -1));
    if (axis.size() != 1)
        return fail(call.unsupported("one axis", fmt::format("{}", axis.size())));
    const bool hasScale = call.config.boolean("scale", true);
    const bool hasCenter = call.config.boolean("center", true);
    const double epsilon = call.config.real("epsilon", 1e-3);
    std::vector<std::string_view> roles;
    if (hasScale)
        roles.push_back("gamma");
    if (hasCenter)
        roles.push_back("beta");
    roles.insert(roles.end(), {"moving_mean", "moving_variance"});
    QL_TRY(const WeightList weights, call.take(roles));
    const std::int32_t channels = call.shape()[axis.front()];
    for (const KerasWeight *const weight : weights)
        QL_CHECK(call.requireShape(*weight, {channels}));
    const auto mean = floatsOf(*weights[weights.size() - 2]);
    const auto variance = floatsOf(*weights[weights.size() - 1]);
    const auto gamma = hasScale ? floatsOf(*weights[0]) : std::vector<float>(mean.size(), 1.0f);
    const auto beta = hasCenter ? floatsOf(*weights[hasScale ? 1 : 0]) : std::vector<float>(mean.size(), 0.0f);
    std::vector<float> scale(mean.size());
    std::vector<float> shift(mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) {
        const double factor = gamma[i] / std::sqrt(static_cast<double>(variance[i]) + epsilon);
        scale[i] = static_cast<float>(factor);
        shift[i] = static_cast<float>(beta[i] - mean[i] * factor);
    }
    QL_TRY(const TensorIndex result, affine(call, call.x(), along(call, axis), scale, shift));
    return named(call, result);
}

/// (x - mean) / sqrt(variance + epsilon) over `axis`, then gamma and beta of those axes' lengths.
LayerResult lowerLayer(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(const auto over, axes(call, -1));
    const bool hasScale = call.config.boolean("scale", true);
    const bool hasCenter = call.config.boolean("center", true);
    if (call.config.boolean("rms_scaling", false))
        return fail(call.unsupported("rms_scaling false", "true"));
    std::vector<std::string_view> roles;
    if (hasScale)
        roles.push_back("gamma");
    if (hasCenter)
        roles.push_back("beta");
    QL_TRY(const WeightList weights, call.take(roles));
    Dims lengths;
    for (const std::int32_t axis : over)
        lengths.push_back(call.shape()[axis]);
    for (const KerasWeight *const weight : weights)
        QL_CHECK(call.requireShape(*weight, lengths));
    GraphBuilder &graph = call.graph;
    const TensorIndex x = call.x();
    QL_TRY(const TensorIndex mean, graph.reduce("MEAN", x, over, true, call.inner("mean")));
    QL_TRY(const TensorIndex centered, graph.binary("SUB", x, mean, call.inner("sub")));
    QL_TRY(const TensorIndex squares, graph.unary("SQUARE", centered, call.inner("square")));
    QL_TRY(const TensorIndex variance, graph.reduce("MEAN", squares, over, true, call.inner("variance")));
    QL_TRY(const TensorIndex sum, graph.binary("ADD", variance, graph.scalar(call.inner("epsilon"), static_cast<float>(call.config.real("epsilon", 1e-3))), call.inner("add_epsilon")));
    QL_TRY(const TensorIndex inverse, graph.unary("RSQRT", sum, call.inner("Rsqrt")));
    QL_TRY(TensorIndex result, graph.binary("MUL", centered, inverse, call.inner("normalized")));
    const Shape shape = along(call, over);
    if (hasScale) {
        QL_TRY(result, graph.binary("MUL", result, graph.constant(call.inner("gamma"), shape, floatData(*weights[0])), call.inner("mul")));
    }
    if (hasCenter) {
        QL_TRY(result, graph.binary("ADD", result, graph.constant(call.inner("beta"), shape, floatData(*weights.back())), call.inner("add")));
    }
    return named(call, result);
}

/// (x - mean) / max(sqrt(variance), 1e-7): mean and variance from adapt(), as weights, or given in the config.
LayerResult lowerNormalization(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    QL_TRY(auto kept, call.config.has("axis") ? axes(call, -1) : Result<std::vector<std::int32_t>>(std::vector<std::int32_t>{}));
    std::vector<float> mean = call.config.reals("mean");
    std::vector<float> variance = call.config.reals("variance");
    if (mean.empty() && call.weights.size() >= 2) {
        mean = floatsOf(*call.weights[0]);
        variance = floatsOf(*call.weights[1]);
    }
    Shape shape = along(call, kept);
    if (mean.size() == 1)
        shape = Shape{1};
    if (mean.empty() || mean.size() != variance.size() || shape.elementCount() != static_cast<std::int64_t>(mean.size()))
        return fail(call.invalid(fmt::format("mean and variance of {} elements", shape.elementCount()), fmt::format("{} and {}", mean.size(), variance.size())));
    const bool isInverted = call.config.boolean("invert", false);
    std::vector<float> factor(mean.size());
    for (std::size_t i = 0; i < mean.size(); ++i) {
        const double deviation = std::max(std::sqrt(static_cast<double>(variance[i])), 1e-7);
        factor[i] = static_cast<float>(isInverted ? deviation : 1.0 / deviation);
    }
    const TensorIndex by = call.graph.floats(call.inner("factor"), shape, factor);
    const TensorIndex from = call.graph.floats(call.inner("mean"), shape, mean);
    if (isInverted) {
        QL_TRY(const TensorIndex product, call.graph.binary("MUL", call.x(), by, call.inner("mul")));
        QL_TRY(const TensorIndex result, call.graph.binary("ADD", product, from, call.name));
        return named(call, result);
    }
    QL_TRY(const TensorIndex difference, call.graph.binary("SUB", call.x(), from, call.inner("sub")));
    QL_TRY(const TensorIndex result, call.graph.binary("MUL", difference, by, call.name));
    return named(call, result);
}

LayerResult lowerRescaling(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    std::vector<float> scale = call.config.reals("scale");
    std::vector<float> offset = call.config.reals("offset");
    if (scale.empty())
        scale = {1.0f};
    if (offset.empty())
        offset = {0.0f};
    if (call.shape().rank() < 1)
        return fail(call.invalid("an input of 1 dimension or more", call.shape().text()));
    const auto channels = static_cast<std::size_t>(call.shape()[call.shape().rank() - 1]);
    const std::size_t length = std::max(scale.size(), offset.size());
    if ((scale.size() != 1 && scale.size() != channels) || (offset.size() != 1 && offset.size() != channels))
        return fail(call.invalid(fmt::format("one scale and offset, or {} of each", channels), fmt::format("{} and {}", scale.size(), offset.size())));
    scale.resize(length, scale.front());
    offset.resize(length, offset.front());
    QL_TRY(const TensorIndex result, affine(call, call.x(), Shape{static_cast<std::int32_t>(length)}, scale, offset));
    return named(call, result);
}

} // namespace

std::span<const KerasLayer> normalization_layers()
{
    static const KerasLayer kLayers[] = {
        {"BatchNormalization", lowerBatch}, {"BatchNormalizationV1", lowerBatch}, {"BatchNormalizationV2", lowerBatch}, {"SyncBatchNormalization", lowerBatch},
        {"LayerNormalization", lowerLayer}, {"Normalization", lowerNormalization}, {"Rescaling", lowerRescaling},
    };
    return kLayers;
}

} // namespace quantloupe
