// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/window.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {

Result<WindowAxis> windowAxis(const PrepareContext &context, int input, int filter, std::int64_t stride, std::int64_t dilation, bool isSame)
{
    constexpr std::int64_t kMax = 1 << 20; // far above any real model; keeps the products below in range
    if (stride < 1 || dilation < 1 || filter < 1 || stride > kMax || dilation > kMax || filter > kMax)
        return fail(context.invalid("stride, dilation and filter size of 1 or more", fmt::format("{}, {} and {}", stride, dilation, filter)));
    const std::int64_t extent = (std::int64_t{filter} - 1) * dilation + 1;
    const std::int64_t output = isSame ? (input + stride - 1) / stride : (input + stride - extent) / stride;
    if (output < 1)
        return fail(context.invalid(fmt::format("an input of at least {}", extent), fmt::format("{}", input)));
    const std::int64_t padding = std::max<std::int64_t>(0, (output - 1) * stride + extent - input);
    return WindowAxis{input, static_cast<int>(output), filter, static_cast<int>(stride), static_cast<int>(dilation), static_cast<int>(padding / 2)};
}

Result<Window2d> window2d(const PrepareContext &context, const Shape &input, int filterHeight, int filterWidth)
{
    const Options &options = context.options();
    const bool isSame = options.integer("padding") == 0;
    QL_TRY(const WindowAxis y, windowAxis(context, input[1], filterHeight, options.integer("stride_h"), options.integer("dilation_h_factor", 1), isSame));
    QL_TRY(const WindowAxis x, windowAxis(context, input[2], filterWidth, options.integer("stride_w"), options.integer("dilation_w_factor", 1), isSame));
    return Window2d{y, x};
}

} // namespace quantloupe
