// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pool.h"

#include <fmt/format.h>

namespace quantloupe {

Result<PoolGeometry> poolGeometry(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape &input = context.input(0).shape;
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    if (input.rank() != 4)
        return fail(context.invalid("an input of rank 4", input.text()));
    constexpr std::int64_t kMostFilter = 1 << 15; // squared it is still an int
    const std::int64_t height = context.options().integer("filter_height");
    const std::int64_t width = context.options().integer("filter_width");
    if (height < 1 || width < 1 || height > kMostFilter || width > kMostFilter)
        return fail(context.invalid("a filter of 1x1 or more", fmt::format("{}x{}", height, width)));
    PoolGeometry g;
    QL_TRY(g.window, window2d(context, input, static_cast<int>(height), static_cast<int>(width)));
    g.images = static_cast<std::size_t>(input[0]);
    g.channels = static_cast<std::size_t>(input[3]);
    context.setOutputShape(0, {input[0], g.window.y.output, g.window.x.output, input[3]});
    return g;
}

} // namespace quantloupe
