// SPDX-License-Identifier: GPL-3.0-or-later
//
// What changes the size of an image or a sequence: ZeroPadding, Cropping, UpSampling, Resizing.
#include "keras/linear.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Border {
    std::int64_t top = 0, bottom = 0, left = 0, right = 0;
};

/// 3, [1, 2] (of one axis before and after, of two axes each), [[1, 2], [3, 4]].
Result<Border> border(LayerCall &call, std::string_view key, std::size_t axes, std::int64_t absent)
{
    const auto *const value = call.config.find(key);
    if (value && value->is_array() && value->size() == 2 && axes == 2 && (*value)[0].is_array()) {
        Border border;
        std::int64_t *const sides[] = {&border.top, &border.bottom, &border.left, &border.right};
        for (std::size_t i = 0; i < 4; ++i) {
            const auto &pair = (*value)[i / 2];
            if (!pair.is_array() || pair.size() != 2 || !pair[i % 2].is_number_integer())
                return fail(call.invalid("two pairs of integers", shortText(*value)));
            *sides[i] = pair[i % 2].get<std::int64_t>();
        }
        return border;
    }
    const auto sizes = call.config.integers(key, 2, absent);
    QL_CHECK(call.config.check());
    return axes == 1 ? Border{sizes[0], sizes[1], 0, 0} : Border{sizes[0], sizes[0], sizes[1], sizes[1]};
}

template <std::size_t axes> LayerResult lowerPadding(LayerCall &call)
{
    QL_TRY(const Border sides, border(call, "padding", axes, 1));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    QL_TRY(const TensorIndex padded, padImage(call, view.x(), sides.top, sides.bottom, sides.left, sides.right, call.inner("Pad")));
    QL_TRY(const TensorIndex result, view.back(call, padded, call.inner("Squeeze")));
    return named(call, result);
}

template <std::size_t axes> LayerResult lowerCropping(LayerCall &call)
{
    QL_TRY(const Border sides, border(call, "cropping", axes, axes == 1 ? 1 : 0));
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    const bool isInside = sides.top >= 0 && sides.bottom >= 0 && sides.left >= 0 && sides.right >= 0 && sides.top < view.height() && sides.bottom < view.height() - sides.top
        && sides.left < view.width() && sides.right < view.width() - sides.left;
    if (!isInside)
        return fail(call.invalid(fmt::format("a cropping that leaves something of {}", call.shape().text()), fmt::format("{}, {}, {}, {}", sides.top, sides.bottom, sides.left, sides.right)));
    const std::int64_t height = view.height() - sides.top - sides.bottom;
    const std::int64_t width = view.width() - sides.left - sides.right;
    const auto narrow = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
    const TensorIndex begin = call.graph.ints(call.inner("begin"), {0, narrow(sides.top), narrow(sides.left), 0});
    const TensorIndex end = call.graph.ints(call.inner("end"), {narrow(view.batch()), narrow(sides.top + height), narrow(sides.left + width), narrow(view.channels())});
    const TensorIndex strides = call.graph.ints(call.inner("strides"), {1, 1, 1, 1});
    QL_TRY(const TensorIndex cropped, call.graph.op("STRIDED_SLICE", {view.x(), begin, end, strides}, call.inner("strided_slice"), {view.batch(), height, width, view.channels()}));
    QL_TRY(const TensorIndex result, view.back(call, cropped, call.inner("Squeeze")));
    return named(call, result);
}

Result<TensorIndex> resize(LayerCall &call, TensorIndex image, std::int64_t height, std::int64_t width, const std::string &interpolation)
{
    constexpr std::int64_t kLargest = 1 << 20;
    if (interpolation != "nearest" && interpolation != "bilinear")
        return fail(call.unsupported("interpolation nearest or bilinear", interpolation));
    if (height < 1 || width < 1 || height > kLargest || width > kLargest)
        return fail(call.invalid(fmt::format("sizes from 1 to {}", kLargest), fmt::format("{}x{}", height, width)));
    Options options;
    options.set("align_corners", std::int64_t{0});
    options.set("half_pixel_centers", std::int64_t{1});
    const Shape shape = call.graph.shape(image);
    const TensorIndex size = call.graph.ints(call.inner("size"), {static_cast<std::int32_t>(height), static_cast<std::int32_t>(width)});
    return call.graph.op(interpolation == "nearest" ? "RESIZE_NEAREST_NEIGHBOR" : "RESIZE_BILINEAR", {image, size}, call.inner("resize"), {shape[0], height, width, shape[3]}, std::move(options));
}

template <std::size_t axes> LayerResult lowerUpSampling(LayerCall &call)
{
    const auto factors = call.config.integers("size", axes, 2);
    const std::string interpolation = axes == 1 ? "nearest" : call.config.text("interpolation", "nearest");
    QL_CHECK(call.config.check());
    QL_TRY(const ImageView view, ImageView::of(call, axes));
    constexpr std::int64_t kLargest = 1 << 20;
    for (const std::int64_t factor : factors)
        if (factor < 1 || factor > kLargest)
            return fail(call.invalid(fmt::format("factors from 1 to {}", kLargest), fmt::format("{}", factor)));
    QL_TRY(const TensorIndex resized, resize(call, view.x(), view.height() * factors[0], axes == 2 ? view.width() * factors[1] : 1, interpolation));
    QL_TRY(const TensorIndex result, view.back(call, resized, call.inner("Squeeze")));
    return named(call, result);
}

LayerResult lowerResizing(LayerCall &call)
{
    if (call.config.boolean("crop_to_aspect_ratio", false) || call.config.boolean("pad_to_aspect_ratio", false))
        return fail(call.unsupported("resizing without regard to the aspect ratio", "crop_to_aspect_ratio or pad_to_aspect_ratio"));
    QL_TRY(const ImageView view, ImageView::of(call, 2));
    QL_TRY(const TensorIndex resized, resize(call, view.x(), call.config.integer("height", 0), call.config.integer("width", 0), call.config.text("interpolation", "bilinear")));
    QL_TRY(const TensorIndex result, view.back(call, resized, call.inner("Squeeze")));
    return named(call, result);
}

} // namespace

std::span<const KerasLayer> borders_layers()
{
    static const KerasLayer kLayers[] = {
        {"ZeroPadding1D", lowerPadding<1>}, {"ZeroPadding2D", lowerPadding<2>}, {"Cropping1D", lowerCropping<1>}, {"Cropping2D", lowerCropping<2>},
        {"UpSampling1D", lowerUpSampling<1>}, {"UpSampling2D", lowerUpSampling<2>}, {"Resizing", lowerResizing},
    };
    return kLayers;
}

} // namespace quantloupe
