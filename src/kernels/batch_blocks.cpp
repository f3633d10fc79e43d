// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/batch_blocks.h"

#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {

Result<BatchBlocks> batchBlocks(const PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    BatchBlocks blocks;
    QL_TRY(blocks.block, context.integers(1));
    if (blocks.block.empty() || static_cast<std::size_t>(input.rank()) < blocks.block.size() + 1)
        return fail(context.invalid(fmt::format("a block for at least one and at most {} axes", input.rank() - 1), fmt::format("{}", blocks.block.size())));
    blocks.spatial = static_cast<int>(blocks.block.size());
    QL_TRY(const auto edges, integersOperand(context, 2, blocks.block.size() * 2));
    constexpr std::int64_t kMost = std::int64_t{1} << 31; // so that sums and products stay in range
    for (std::size_t i = 0; i < blocks.block.size(); ++i) {
        blocks.before.push_back(edges[2 * i]);
        blocks.after.push_back(edges[2 * i + 1]);
        if (blocks.block[i] < 1 || blocks.block[i] > kMost || blocks.before[i] < 0 || blocks.before[i] > kMost || blocks.after[i] < 0 || blocks.after[i] > kMost)
            return fail(context.invalid("blocks of 1 or more, paddings and crops of 0 or more",
                                        fmt::format("{}, {} and {}", blocks.block[i], blocks.before[i], blocks.after[i])));
        blocks.blockCells *= blocks.block[i];
        if (blocks.blockCells > kMost)
            return fail(context.invalid("blocks of fewer than 2^31 cells", fmt::format("{}", blocks.blockCells)));
    }
    return blocks;
}

std::vector<std::vector<std::ptrdiff_t>> batchTables(const BatchBlocks &blocks, const Shape &picture, const Shape &batches)
{
    const auto steps = rowMajorSteps(batches);
    std::vector<std::vector<std::ptrdiff_t>> tables(1);
    for (std::int32_t i = 0; i < picture[0]; ++i)
        tables[0].push_back(i * steps[0]);
    // One block cell further is picture[0] batches further, one cell of the first axis a whole row of cells.
    std::ptrdiff_t cellStep = picture[0] * steps[0] * static_cast<std::ptrdiff_t>(blocks.blockCells);
    for (std::size_t axis = 0; axis < blocks.block.size(); ++axis) {
        cellStep /= blocks.block[axis];
        auto &table = tables.emplace_back();
        for (std::int64_t i = blocks.before[axis]; i < blocks.before[axis] + picture[static_cast<int>(axis) + 1]; ++i)
            table.push_back(i % blocks.block[axis] * cellStep + i / blocks.block[axis] * steps[axis + 1]);
    }
    return tables;
}

} // namespace quantloupe
