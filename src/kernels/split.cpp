// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/joining.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// SPLIT: input 0 is the axis, input 1 is cut into equal outputs.
Result<EvalFunction> prepare(PrepareContext &context)
{
    const auto count = static_cast<std::int32_t>(context.outputCount());
    QL_CHECK(context.requireOperands(2, 2, context.outputCount()));
    QL_CHECK(requireMovable(context, 1));
    Shape shape = context.input(1).shape;
    QL_TRY(const int axis, axisOperand(context, 0, shape.rank()));
    if (count < 1 || shape[axis] % count != 0)
        return fail(context.invalid(fmt::format("a number of outputs that divides {}", shape[axis]), fmt::format("{}", count)));
    const auto rows = static_cast<std::size_t>(shape.product(0, axis));
    shape[axis] /= count;
    for (std::size_t i = 0; i < context.outputCount(); ++i)
        context.setOutputShape(i, shape);
    const std::size_t piece = static_cast<std::size_t>(shape.product(axis, shape.rank())) * elementSize(context.input(1).type());
    return takenApart(rows, std::vector(context.outputCount(), piece), 1);
}

} // namespace

extern const OperatorKernel split_kernel{"SPLIT", prepare, kMovableTypes};

} // namespace quantloupe
