// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/linear.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

template <std::size_t axes> LayerResult lowerPool(LayerCall &call, const char *op)
{
    QL_TRY(const WindowOptions window, windowOptions(call, axes, "pool_size"));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    const std::int64_t height = WindowOptions::positions(view.height(), window.height, window.strideY, 1, window.padding);
    const std::int64_t width = WindowOptions::positions(view.width(), window.width, window.strideX, 1, window.padding);
    if (height < 1 || width < 1)
        return fail(call.invalid(fmt::format("an input of at least the window's {}x{}", window.height, window.width), call.shape().text()));
    QL_TRY(const TensorIndex pooled, call.graph.op(op, {view.x()}, call.inner("Pool"), {view.batch(), height, width, view.channels()}, window.options(true)));
    QL_TRY(const TensorIndex result, view.back(call, pooled, call.inner("Squeeze")));
    return named(call, result);
}

template <std::size_t axes> LayerResult lowerMax(LayerCall &call)
{
    return lowerPool<axes>(call, "MAX_POOL_2D");
}

template <std::size_t axes> LayerResult lowerAverage(LayerCall &call)
{
    return lowerPool<axes>(call, "AVERAGE_POOL_2D");
}

template <int axes> LayerResult lowerGlobal(LayerCall &call, const char *op)
{
    QL_CHECK(call.requireRank(axes + 2));
    const std::int32_t first = call.isChannelsFirst() ? 2 : 1;
    QL_TRY(const TensorIndex result, call.graph.reduce(op, call.x(), axes == 2 ? std::vector{first, first + 1} : std::vector{first}, call.config.boolean("keepdims", false), call.name));
    return named(call, result);
}

template <int axes> LayerResult lowerGlobalMax(LayerCall &call)
{
    return lowerGlobal<axes>(call, "REDUCE_MAX");
}

template <int axes> LayerResult lowerGlobalAverage(LayerCall &call)
{
    return lowerGlobal<axes>(call, "MEAN");
}

} // namespace

std::span<const KerasLayer> pooling_layers()
{
    static const KerasLayer kLayers[] = {
        {"MaxPooling1D", lowerMax<1>}, {"MaxPooling2D", lowerMax<2>}, {"AveragePooling1D", lowerAverage<1>}, {"AveragePooling2D", lowerAverage<2>},
        {"MaxPool1D", lowerMax<1>}, {"MaxPool2D", lowerMax<2>}, {"AvgPool1D", lowerAverage<1>}, {"AvgPool2D", lowerAverage<2>},
        {"GlobalMaxPooling1D", lowerGlobalMax<1>}, {"GlobalMaxPooling2D", lowerGlobalMax<2>}, {"GlobalMaxPool1D", lowerGlobalMax<1>}, {"GlobalMaxPool2D", lowerGlobalMax<2>},
        {"GlobalAveragePooling1D", lowerGlobalAverage<1>}, {"GlobalAveragePooling2D", lowerGlobalAverage<2>}, {"GlobalAvgPool1D", lowerGlobalAverage<1>},
        {"GlobalAvgPool2D", lowerGlobalAverage<2>},
    };
    return kLayers;
}

} // namespace quantloupe
