// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/joining.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, context.outputCount()));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    QL_TRY(const int axis, normalizedAxis(context, context.options().integer("axis"), input.rank()));
    if (static_cast<std::size_t>(input[axis]) != context.outputCount())
        return fail(context.invalid(fmt::format("{} outputs", input[axis]), fmt::format("{}", context.outputCount())));
    Shape shape;
    for (int i = 0; i < input.rank(); ++i)
        if (i != axis)
            shape.append(input[i]);
    for (std::size_t i = 0; i < context.outputCount(); ++i)
        context.setOutputShape(i, shape);
    const std::size_t piece = static_cast<std::size_t>(input.product(axis + 1, input.rank())) * elementSize(context.input(0).type());
    return takenApart(static_cast<std::size_t>(input.product(0, axis)), std::vector(context.outputCount(), piece), 0);
}

} // namespace

extern const OperatorKernel unpack_kernel{"UNPACK", prepare, kMovableTypes};

} // namespace quantloupe
