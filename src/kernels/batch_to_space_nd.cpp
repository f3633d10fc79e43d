// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/batch_blocks.h"
#include "kernels/element_copy.h"
#include "kernels/index_tables.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const BatchBlocks blocks, batchBlocks(context));
    const OperandDesc &input = context.input(0);
    std::vector<std::int64_t> dims(input.shape.dims().begin(), input.shape.dims().end());
    if (dims[0] % blocks.blockCells != 0)
        return fail(context.invalid(fmt::format("a batch that divides by {}", blocks.blockCells), fmt::format("{}", dims[0])));
    dims[0] /= blocks.blockCells;
    for (std::size_t i = 0; i < blocks.block.size(); ++i)
        dims[i + 1] = dims[i + 1] * blocks.block[i] - blocks.before[i] - blocks.after[i]; // shapeOf refuses crops of more than all
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    const IndexTables map(input.type(), batchTables(blocks, shape, input.shape), static_cast<std::size_t>(shape.product(blocks.spatial + 1, shape.rank())));
    return [map](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) { map.gather(run.input<std::byte>(0, sample), run.output<std::byte>(0, sample)); });
    };
}

} // namespace

extern const OperatorKernel batch_to_space_nd_kernel{"BATCH_TO_SPACE_ND", prepare, kMovableTypes};

} // namespace quantloupe
