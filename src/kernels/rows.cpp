// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/rows.h"

namespace quantloupe {

Result<Rows> Rows::make(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape &shape = context.input(0).shape;
    if (shape.rank() < 1 || shape[shape.rank() - 1] < 1)
        return fail(context.invalid("a last axis that is not empty", shape.text()));
    context.setOutputShape(0, shape);
    const auto depth = static_cast<std::size_t>(shape[shape.rank() - 1]);
    return Rows{static_cast<std::size_t>(shape.elementCount()) / depth, depth};
}

} // namespace quantloupe
