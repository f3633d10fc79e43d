// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/batch_blocks.h"
#include "kernels/element_copy.h"
#include "kernels/index_tables.h"
#include "kernels/padding.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const BatchBlocks blocks, batchBlocks(context));
    const OperandDesc &input = context.input(0);
    std::vector<std::int64_t> dims(input.shape.dims().begin(), input.shape.dims().end());
    dims[0] *= blocks.blockCells;
    for (std::size_t i = 0; i < blocks.block.size(); ++i) {
        const std::int64_t padded = blocks.before[i] + dims[i + 1] + blocks.after[i];
        if (padded % blocks.block[i] != 0)
            return fail(context.invalid(fmt::format("a padded axis that divides by {}", blocks.block[i]), fmt::format("{}", padded)));
        dims[i + 1] = padded / blocks.block[i];
    }
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    const IndexTables map(input.type(), batchTables(blocks, input.shape, shape), static_cast<std::size_t>(shape.product(blocks.spatial + 1, shape.rank())));
    return [map, zero = zeroElement(context.output()), count = static_cast<std::size_t>(shape.elementCount()), size = elementSize(input.type())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            fillElements(run.output<std::byte>(0, sample), count, zero.data(), size);
            map.scatter(run.input<std::byte>(0, sample), run.output<std::byte>(0, sample));
        });
    };
}

} // namespace

extern const OperatorKernel space_to_batch_nd_kernel{"SPACE_TO_BATCH_ND", prepare, kMovableTypes};

} // namespace quantloupe
