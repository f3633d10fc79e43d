// SPDX-License-Identifier: GPL-3.0-or-later
//
// Conv1D, Conv2D and their depthwise, separable and transposed forms. One-dimensional ones run as images of width 1.
#include "keras/linear.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

using Padding = WindowOptions::Padding;

/// Causal padding: as many zeros before the first step as the window reaches back.
Result<TensorIndex> padded(LayerCall &call, TensorIndex image, WindowOptions &window)
{
    if (window.padding != Padding::Causal)
        return image;
    window.padding = Padding::Valid;
    return padImage(call, image, (window.height - 1) * window.dilationY, 0, 0, 0, call.inner("Pad"));
}

Result<TensorIndex> convolve(LayerCall &call, const std::string &op, TensorIndex image, TensorIndex kernel, TensorIndex bias, const WindowOptions &window, std::int64_t outputs,
                             Options options, const std::string &tensor)
{
    const Shape shape = call.graph.shape(image);
    const std::int64_t height = WindowOptions::positions(shape[1], window.height, window.strideY, window.dilationY, window.padding);
    const std::int64_t width = WindowOptions::positions(shape[2], window.width, window.strideX, window.dilationX, window.padding);
    if (height < 1 || width < 1)
        return fail(call.invalid(fmt::format("an input of at least the window's {}x{}", window.height, window.width), shape.text()));
    return call.graph.op(op, {image, kernel, bias}, tensor, {shape[0], height, width, outputs}, std::move(options));
}

/// The layer's own end: back to its format, its activation, its name.
LayerResult finish(LayerCall &call, const ImageView &view, TensorIndex image)
{
    QL_TRY(const TensorIndex result, view.back(call, image, call.inner("Squeeze")));
    QL_TRY(const TensorIndex activated, activate(call, "activation", "linear", result));
    return named(call, activated);
}

/// kernel [size..., input channels / groups, filters]
template <std::size_t axes> LayerResult lowerConv(LayerCall &call)
{
    QL_TRY(WindowOptions window, windowOptions(call, axes, "kernel_size"));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    const std::int64_t filters = call.config.integer("filters", 0);
    const std::int64_t groups = call.config.integer("groups", 1);
    const bool hasBias = call.config.boolean("use_bias", true);
    if (groups < 1 || view.channels() % groups != 0)
        return fail(call.invalid(fmt::format("groups that divide {} channels", view.channels()), fmt::format("{}", groups)));
    QL_TRY(const WeightList weights, hasBias ? call.take({"kernel", "bias"}) : call.take({"kernel"}));
    const std::int64_t depth = view.channels() / groups;
    QL_CHECK(call.requireShape(*weights[0], axes == 2 ? Dims{window.height, window.width, depth, filters} : Dims{window.height, depth, filters}));
    if (hasBias)
        QL_CHECK(call.requireShape(*weights[1], {filters}));
    const TensorIndex kernel = rearranged(call, *weights[0], axes == 2 ? std::vector{3, 0, 1, 2} : std::vector{2, 0, 1}, {filters, window.height, window.width, depth}, "Conv2D");
    QL_TRY(const TensorIndex image, padded(call, view.x(), window));
    QL_TRY(const TensorIndex result, convolve(call, "CONV_2D", image, kernel, bias(call, hasBias ? weights[1] : nullptr, filters), window, filters, window.options(false), call.inner("BiasAdd")));
    return finish(call, view, result);
}

/// depthwise_kernel [size..., channels, multiplier]: output channel c * multiplier + m, which is the format's own order.
Result<TensorIndex> depthwise(LayerCall &call, const KerasWeight &weight, const KerasWeight *biases, TensorIndex image, const WindowOptions &window, std::int64_t multiplier,
                              bool isTwoDimensional, const std::string &tensor)
{
    const std::int64_t channels = call.graph.shape(image)[3];
    QL_CHECK(call.requireShape(weight, isTwoDimensional ? Dims{window.height, window.width, channels, multiplier} : Dims{window.height, channels, multiplier}));
    if (biases)
        QL_CHECK(call.requireShape(*biases, {channels * multiplier}));
    std::vector<int> inOrder;
    for (int axis = 0; axis < weight.shape.rank(); ++axis)
        inOrder.push_back(axis);
    const TensorIndex kernel = rearranged(call, weight, inOrder, {1, window.height, window.width, channels * multiplier}, "depthwise");
    Options options = window.options(false);
    options.set("depth_multiplier", multiplier);
    return convolve(call, "DEPTHWISE_CONV_2D", image, kernel, bias(call, biases, channels * multiplier), window, channels * multiplier, std::move(options), tensor);
}

template <std::size_t axes> LayerResult lowerDepthwise(LayerCall &call)
{
    QL_TRY(WindowOptions window, windowOptions(call, axes, "kernel_size"));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    const bool hasBias = call.config.boolean("use_bias", true);
    QL_TRY(const WeightList weights, hasBias ? call.take({call.lowering.isKeras3 ? "kernel" : "depthwise_kernel", "bias"}) : call.take({call.lowering.isKeras3 ? "kernel" : "depthwise_kernel"}));
    QL_TRY(const TensorIndex image, padded(call, view.x(), window));
    QL_TRY(const TensorIndex result, depthwise(call, *weights[0], hasBias ? weights[1] : nullptr, image, window, call.config.integer("depth_multiplier", 1), axes == 2, call.inner("BiasAdd")));
    return finish(call, view, result);
}

template <std::size_t axes> LayerResult lowerSeparable(LayerCall &call)
{
    QL_TRY(WindowOptions window, windowOptions(call, axes, "kernel_size"));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    const bool hasBias = call.config.boolean("use_bias", true);
    const std::int64_t filters = call.config.integer("filters", 0);
    const std::int64_t multiplier = call.config.integer("depth_multiplier", 1);
    QL_TRY(const WeightList weights, hasBias ? call.take({"depthwise_kernel", "pointwise_kernel", "bias"}) : call.take({"depthwise_kernel", "pointwise_kernel"}));
    QL_TRY(const TensorIndex image, padded(call, view.x(), window));
    QL_TRY(const TensorIndex middle, depthwise(call, *weights[0], nullptr, image, window, multiplier, axes == 2, call.inner("separable_conv2d/depthwise")));
    const std::int64_t depth = call.graph.shape(middle)[3];
    QL_CHECK(call.requireShape(*weights[1], axes == 2 ? Dims{1, 1, depth, filters} : Dims{1, depth, filters}));
    if (hasBias)
        QL_CHECK(call.requireShape(*weights[2], {filters}));
    const TensorIndex kernel = rearranged(call, *weights[1], axes == 2 ? std::vector{3, 0, 1, 2} : std::vector{2, 0, 1}, {filters, 1, 1, depth}, "separable_conv2d");
    const WindowOptions point;
    QL_TRY(const TensorIndex result, convolve(call, "CONV_2D", middle, kernel, bias(call, hasBias ? weights[2] : nullptr, filters), point, filters, point.options(false), call.inner("BiasAdd")));
    return finish(call, view, result);
}

/// Length of a transposed convolution's result (keras: conv_utils.deconv_output_length).
std::int64_t transposedLength(std::int64_t input, std::int64_t size, std::int64_t stride, Padding padding, std::optional<std::int64_t> outputPadding)
{
    if (!outputPadding)
        return padding == Padding::Same ? input * stride : input * stride + std::max<std::int64_t>(size - stride, 0);
    const std::int64_t pad = padding == Padding::Same ? size / 2 : 0;
    return (input - 1) * stride + size - 2 * pad + *outputPadding;
}

/// kernel [size..., filters, input channels]
template <std::size_t axes> LayerResult lowerTransposed(LayerCall &call)
{
    QL_TRY(const WindowOptions window, windowOptions(call, axes, "kernel_size"));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    if (window.dilationY != 1 || window.dilationX != 1)
        return fail(call.unsupported("dilation_rate 1", fmt::format("dilation_rate {}x{}", window.dilationY, window.dilationX)));
    const std::int64_t filters = call.config.integer("filters", 0);
    const bool hasBias = call.config.boolean("use_bias", true);
    QL_TRY(const WeightList weights, hasBias ? call.take({"kernel", "bias"}) : call.take({"kernel"}));
    QL_CHECK(call.requireShape(*weights[0], axes == 2 ? Dims{window.height, window.width, filters, view.channels()} : Dims{window.height, filters, view.channels()}));
    if (hasBias)
        QL_CHECK(call.requireShape(*weights[1], {filters}));
    std::optional<std::int64_t> extraY;
    std::optional<std::int64_t> extraX;
    if (call.config.has("output_padding")) {
        const auto extra = call.config.integers("output_padding", axes, 0);
        extraY = extra[0];
        if (axes == 2)
            extraX = extra[1];
    }
    const std::int64_t height = transposedLength(view.height(), window.height, window.strideY, window.padding, extraY);
    const std::int64_t width = transposedLength(view.width(), window.width, window.strideX, window.padding, extraX);
    constexpr std::int64_t kLargest = 1 << 24;
    if (height < 1 || width < 1 || height > kLargest || width > kLargest)
        return fail(call.invalid("a result of at least one cell", fmt::format("{}x{}", height, width)));
    const TensorIndex kernel = rearranged(call, *weights[0], axes == 2 ? std::vector{2, 0, 1, 3} : std::vector{1, 0, 2}, {filters, window.height, window.width, view.channels()}, "conv2d_transpose");
    const TensorIndex shape = call.graph.ints(call.inner("stack"), {static_cast<std::int32_t>(view.batch()), static_cast<std::int32_t>(height), static_cast<std::int32_t>(width), static_cast<std::int32_t>(filters)});
    Options options;
    options.set("padding", std::int64_t{window.padding == Padding::Same ? 0 : 1});
    options.set("stride_h", window.strideY);
    options.set("stride_w", window.strideX);
    options.set("fused_activation_function", std::int64_t{0});
    QL_TRY(const TensorIndex result, call.graph.op("TRANSPOSE_CONV", {shape, kernel, view.x(), bias(call, hasBias ? weights[1] : nullptr, filters)}, call.inner("BiasAdd"),
                                                   {view.batch(), height, width, filters}, std::move(options)));
    return finish(call, view, result);
}

/// MLTK's TENet: the sum of depthwise convolutions over time, one for each of `scales` steps, without bias (the layer is
/// defined in MLTK's models/shared/tenet.py). After training its branches are mostly fused into one.
LayerResult lowerMultiScale(LayerCall &call)
{
    const auto scales = call.config.has("scales") && call.config.find("scales")->is_array() ? call.config.list("scales") : call.config.integers("scales", 1, 9);
    const std::int64_t stride = call.config.integer("stride", 1);
    QL_CHECK(call.requireRank(4));
    if (scales.empty() || call.weights.size() != scales.size())
        return fail(call.invalid(fmt::format("{} depthwise kernels", scales.size()), fmt::format("{}", call.weights.size())));
    TensorIndex sum;
    for (std::size_t i = 0; i < scales.size(); ++i) {
        WindowOptions window;
        window.height = scales[i];
        window.strideY = window.strideX = stride;
        window.padding = Padding::Same;
        if (window.height < 1 || stride < 1)
            return fail(call.invalid("scales and stride of 1 or more", fmt::format("{} and {}", window.height, stride)));
        QL_TRY(const TensorIndex branch, depthwise(call, *call.weights[i], nullptr, call.x(), window, 1, true, fmt::format("{}/mtconv{}/depthwise", call.name, scales[i])));
        if (i == 0) {
            sum = branch;
        } else {
            QL_TRY(sum, call.graph.binary("ADD", sum, branch, call.inner("Sum")));
        }
    }
    return named(call, sum);
}

} // namespace

std::span<const KerasLayer> convolution_layers()
{
    static const KerasLayer kLayers[] = {
        {"Conv1D", lowerConv<1>}, {"Conv2D", lowerConv<2>}, {"DepthwiseConv1D", lowerDepthwise<1>}, {"DepthwiseConv2D", lowerDepthwise<2>},
        {"SeparableConv1D", lowerSeparable<1>}, {"SeparableConv2D", lowerSeparable<2>}, {"Conv1DTranspose", lowerTransposed<1>}, {"Conv2DTranspose", lowerTransposed<2>},
        {"MultiScaleTemporalConvolution", lowerMultiScale},
        {"Convolution1D", lowerConv<1>}, {"Convolution2D", lowerConv<2>}, {"SeparableConvolution2D", lowerSeparable<2>}, {"Deconvolution2D", lowerTransposed<2>},
    };
    return kLayers;
}

} // namespace quantloupe
