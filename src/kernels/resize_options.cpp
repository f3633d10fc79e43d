// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/resize_options.h"

#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {

Result<ResizeOptions> resizeOptions(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    QL_TRY(const auto size, integersOperand(context, 1, 2));
    constexpr std::int64_t kMost = 1 << 20; // keeps fixed-point coordinates in range
    if (input.rank() != 4 || input[1] < 1 || input[2] < 1 || input[1] > kMost || input[2] > kMost || size[0] < 1 || size[1] < 1 || size[0] > kMost || size[1] > kMost)
        return fail(context.invalid("a picture [n, h, w, c] and a size of 1x1 or more", fmt::format("{} to {}x{}", input.text(), size[0], size[1])));
    ResizeOptions options{.inHeight = input[1],
                          .inWidth = input[2],
                          .outHeight = static_cast<std::int32_t>(size[0]),
                          .outWidth = static_cast<std::int32_t>(size[1]),
                          .images = static_cast<std::size_t>(input[0]),
                          .channels = static_cast<std::size_t>(input[3]),
                          .alignsCorners = context.options().boolean("align_corners"),
                          .hasHalfPixels = context.options().boolean("half_pixel_centers")};
    if (options.alignsCorners && options.hasHalfPixels)
        return fail(context.invalid("align_corners or half_pixel_centers", "both"));
    const std::int64_t dims[] = {input[0], size[0], size[1], input[3]};
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    return options;
}

} // namespace quantloupe
