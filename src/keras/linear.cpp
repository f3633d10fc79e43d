// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/linear.h"

#include <fmt/format.h>

namespace quantloupe {

TensorIndex rearranged(LayerCall &call, const KerasWeight &weight, const std::vector<int> &perm, const Dims &dims, std::string_view tensor)
{
    Shape shape;
    for (const std::int64_t dim : dims)
        shape.append(static_cast<std::int32_t>(dim));
    bool isInOrder = true; // axes of length 1 may lie anywhere
    int last = -1;
    for (const int axis : perm) {
        if (weight.shape[axis] == 1)
            continue;
        isInOrder &= axis > last;
        last = axis;
    }
    if (isInOrder)
        return call.graph.constant(call.inner(tensor), shape, floatData(weight));
    const std::vector<float> from = floatsOf(weight);
    std::vector<float> to(from.size());
    std::vector<std::int64_t> steps(perm.size());
    for (std::size_t i = 0; i < perm.size(); ++i)
        steps[i] = weight.shape.product(perm[i] + 1, weight.shape.rank());
    std::vector<std::int32_t> at(perm.size());
    std::int64_t source = 0;
    for (float &value : to) {
        value = from[static_cast<std::size_t>(source)];
        for (std::size_t i = perm.size(); i-- > 0;) {
            source += steps[i];
            if (++at[i] < weight.shape[perm[i]])
                break;
            source -= steps[i] * at[i];
            at[i] = 0;
        }
    }
    return call.graph.floats(call.inner(tensor), shape, to);
}

TensorIndex bias(LayerCall &call, const KerasWeight *weight, std::int64_t units)
{
    const Shape shape{static_cast<std::int32_t>(units)};
    if (weight)
        return call.graph.constant(call.inner("bias"), shape, floatData(*weight));
    return call.graph.floats(call.inner("bias"), shape, std::vector<float>(static_cast<std::size_t>(units)));
}

Options WindowOptions::options(bool isPool) const
{
    Options options;
    options.set("padding", std::int64_t{padding == Padding::Same ? 0 : 1});
    options.set("stride_h", strideY);
    options.set("stride_w", strideX);
    options.set("fused_activation_function", std::int64_t{0});
    if (isPool) {
        options.set("filter_height", height);
        options.set("filter_width", width);
    } else {
        options.set("dilation_h_factor", dilationY);
        options.set("dilation_w_factor", dilationX);
    }
    return options;
}

std::int64_t WindowOptions::positions(std::int64_t input, std::int64_t size, std::int64_t stride, std::int64_t dilation, Padding padding)
{
    const std::int64_t reach = (size - 1) * dilation + 1;
    const std::int64_t cells = padding == Padding::Valid ? input - reach + 1 : input;
    return cells <= 0 ? 0 : (cells + stride - 1) / stride;
}

Result<WindowOptions> windowOptions(LayerCall &call, std::size_t axes, std::string_view size)
{
    constexpr std::int64_t kLargest = 1 << 20;
    const auto sizes = call.config.integers(size, axes, size == "pool_size" ? 2 : 1);
    const auto strides = size == "pool_size" && !call.config.has("strides") ? sizes : call.config.integers("strides", axes, 1);
    const auto dilations = call.config.integers("dilation_rate", axes, 1);
    const std::string padding = call.config.text("padding", "valid");
    QL_CHECK(call.config.check());
    for (const auto *const values : {&sizes, &strides, &dilations})
        for (const std::int64_t value : *values)
            if (value < 1 || value > kLargest)
                return fail(call.invalid(fmt::format("sizes, strides and dilations from 1 to {}", kLargest), fmt::format("{}", value)));
    WindowOptions window;
    window.height = sizes[0];
    window.strideY = strides[0];
    window.dilationY = dilations[0];
    if (axes == 2) {
        window.width = sizes[1];
        window.strideX = strides[1];
        window.dilationX = dilations[1];
    }
    if (padding == "same")
        window.padding = WindowOptions::Padding::Same;
    else if (padding == "causal" && axes == 1)
        window.padding = WindowOptions::Padding::Causal;
    else if (padding != "valid")
        return fail(call.unsupported("padding same, valid or (of one axis) causal", padding));
    return window;
}

Result<ImageView> ImageView::of(LayerCall &call, std::size_t axes)
{
    QL_CHECK(call.requireRank(static_cast<int>(axes) + 2));
    ImageView view;
    view.m_axes = axes;
    view.m_isChannelsFirst = call.isChannelsFirst();
    const Shape shape = call.shape();
    view.m_batch = shape[0];
    view.m_x = call.x();
    const int first = view.m_isChannelsFirst ? 2 : 1;
    view.m_height = shape[first];
    view.m_width = axes == 2 ? shape[first + 1] : 1;
    view.m_channels = view.m_isChannelsFirst ? shape[1] : shape[shape.rank() - 1];
    if (view.m_isChannelsFirst) {
        QL_TRY(view.m_x, call.graph.transpose(view.m_x, axes == 2 ? std::vector<std::int32_t>{0, 2, 3, 1} : std::vector<std::int32_t>{0, 2, 1}, call.inner("ToChannelsLast")));
    }
    if (axes == 1) {
        QL_TRY(view.m_x, call.graph.reshape(view.m_x, {view.m_batch, view.m_height, 1, view.m_channels}, call.inner("ExpandDims")));
    }
    return view;
}

Result<TensorIndex> ImageView::back(LayerCall &call, TensorIndex image, const std::string &tensor) const
{
    TensorIndex result = image;
    if (m_axes == 1) {
        const Shape shape = call.graph.shape(image);
        QL_TRY(result, call.graph.reshape(result, {shape[0], shape[1], shape[3]}, tensor));
    }
    if (m_isChannelsFirst) {
        QL_TRY(result, call.graph.transpose(result, m_axes == 2 ? std::vector<std::int32_t>{0, 3, 1, 2} : std::vector<std::int32_t>{0, 2, 1}, tensor));
    }
    return result;
}

Result<TensorIndex> padImage(LayerCall &call, TensorIndex image, std::int64_t top, std::int64_t bottom, std::int64_t left, std::int64_t right, const std::string &tensor)
{
    constexpr std::int64_t kLargest = 1 << 24;
    for (const std::int64_t cells : {top, bottom, left, right})
        if (cells < 0 || cells > kLargest)
            return fail(call.invalid(fmt::format("a padding from 0 to {}", kLargest), fmt::format("{}", cells)));
    const Shape shape = call.graph.shape(image);
    const std::vector<std::int32_t> cells{0, 0, static_cast<std::int32_t>(top), static_cast<std::int32_t>(bottom), static_cast<std::int32_t>(left), static_cast<std::int32_t>(right), 0, 0};
    const TensorIndex paddings = call.graph.constant(tensor + "/paddings", Shape{4, 2}, ConstantData::copyOf(std::as_bytes(std::span(cells))), DataType::Int32);
    return call.graph.op("PAD", {image, paddings}, tensor, {shape[0], shape[1] + top + bottom, shape[2] + left + right, shape[3]});
}

} // namespace quantloupe
