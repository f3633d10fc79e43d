// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"
#include "kernels/index_tables.h"
#include "kernels/resize_options.h"

#include <algorithm>
#include <cmath>

namespace quantloupe {
namespace {

/// Where the pixels of one output axis lie in the input.
std::vector<std::ptrdiff_t> nearest(const ResizeOptions &options, std::int32_t in, std::int32_t out, std::ptrdiff_t step)
{
    const float scale = options.alignsCorners && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1) : static_cast<float>(in) / static_cast<float>(out);
    const float offset = options.hasHalfPixels ? 0.5f : 0.0f;
    std::vector<std::ptrdiff_t> table;
    for (std::int32_t i = 0; i < out; ++i) {
        const float at = (static_cast<float>(i) + offset) * scale;
        const auto index = static_cast<std::int32_t>(options.alignsCorners ? std::round(at) : std::floor(at));
        table.push_back(std::clamp(index, 0, in - 1) * step);
    }
    return table;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const ResizeOptions options, resizeOptions(context));
    std::vector<std::ptrdiff_t> images;
    for (std::size_t i = 0; i < options.images; ++i)
        images.push_back(static_cast<std::ptrdiff_t>(i * options.inputSize()));
    const auto pixel = static_cast<std::ptrdiff_t>(options.channels);
    return [map = IndexTables(context.input(0).type(),
                              {images, nearest(options, options.inHeight, options.outHeight, pixel * options.inWidth),
                               nearest(options, options.inWidth, options.outWidth, pixel)},
                              options.channels)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) { map.gather(run.input<std::byte>(0, sample), run.output<std::byte>(0, sample)); });
    };
}

} // namespace

extern const OperatorKernel resize_nearest_neighbor_kernel{"RESIZE_NEAREST_NEIGHBOR", prepare, kMovableTypes};

} // namespace quantloupe
