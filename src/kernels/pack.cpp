// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/joining.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    const std::size_t count = context.inputCount();
    QL_CHECK(context.requireOperands(std::max<std::size_t>(count, 1), count, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    for (std::size_t i = 1; i < count; ++i)
        if (context.input(i).shape != input || context.input(i).type() != context.input(0).type())
            return fail(context.invalid(fmt::format("inputs of shape {} and of one type", input.text()), fmt::format("{}, {}", context.input(i).shape.text(), context.typesText())));
    QL_TRY(const int axis, normalizedAxis(context, context.options().integer("axis"), input.rank() + 1));
    std::vector<std::int64_t> dims(input.dims().begin(), input.dims().end());
    dims.insert(dims.begin() + axis, static_cast<std::int64_t>(count));
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    const std::size_t piece = static_cast<std::size_t>(input.product(axis, input.rank())) * elementSize(context.input(0).type());
    return laidTogether(static_cast<std::size_t>(input.product(0, axis)), std::vector(count, piece));
}

} // namespace

extern const OperatorKernel pack_kernel{"PACK", prepare, kMovableTypes};

} // namespace quantloupe
