// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/depth_blocks.h"

#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace quantloupe {

Result<EvalFunction> prepareDepthBlocks(PrepareContext &context, DepthBlocks direction)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    const std::int64_t block = context.options().integer("block_size");
    const bool toSpace = direction == DepthBlocks::ToSpace;
    constexpr std::int64_t kMost = 1 << 15; // its square is still an int
    if (input.rank() != 4 || block < 1 || block > kMost
        || (toSpace ? input[3] % (block * block) != 0 : input[1] % block != 0 || input[2] % block != 0))
        return fail(context.invalid("an input of rank 4 that divides into blocks", fmt::format("{} with block_size {}", input.text(), block)));
    // The tensor with the blocks spread out is [n, h * block, w * block, c], the other [n, h, w, block * block * c].
    const std::int64_t h = toSpace ? input[1] : input[1] / block;
    const std::int64_t w = toSpace ? input[2] : input[2] / block;
    const std::int64_t c = toSpace ? input[3] / (block * block) : input[3];
    const std::array<std::int64_t, 4> spread{input[0], h * block, w * block, c};
    const std::array<std::int64_t, 4> gathered{input[0], h, w, c * block * block};
    QL_TRY(const Shape shape, shapeOf(context, toSpace ? spread : gathered));
    context.setOutputShape(0, shape);

    const std::ptrdiff_t row = c * block * w; // of the spread-out tensor; as long as a row of blocks' first lines in the other
    std::vector<StridedWalk::Axis> axes{
        {static_cast<std::size_t>(input[0] * h), row * block, row * block},
        {static_cast<std::size_t>(block), c * block, row}, // down a block
        {static_cast<std::size_t>(w), c * block * block, c * block},
        {static_cast<std::size_t>(block * c), 1, 1},       // across it, with its channels
    };
    if (!toSpace)
        for (StridedWalk::Axis &axis : axes)
            std::swap(axis.in, axis.out);
    return copied(context.input(0).type(), StridedWalk(axes));
}

} // namespace quantloupe
