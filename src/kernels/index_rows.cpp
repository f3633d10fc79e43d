// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/index_rows.h"

#include "kernels/axes.h"

namespace quantloupe {

Result<IndexRows> indexRows(const PrepareContext &context, const Shape &indices, const Shape &addressed)
{
    if (indices.rank() < 1 || indices[indices.rank() - 1] > addressed.rank())
        return fail(context.invalid(fmt::format("rows of at most {} indices", addressed.rank()), indices.text()));
    const int depth = indices[indices.rank() - 1];
    IndexRows rows{static_cast<std::size_t>(indices.product(0, indices.rank() - 1)), static_cast<std::size_t>(depth),
                   static_cast<std::size_t>(addressed.product(depth, addressed.rank())), {}, {}};
    const auto steps = rowMajorSteps(addressed);
    for (std::size_t i = 0; i < rows.depth; ++i) {
        rows.dims[i] = addressed[static_cast<int>(i)];
        rows.steps[i] = steps[i];
    }
    return rows;
}

} // namespace quantloupe
