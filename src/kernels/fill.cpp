// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context, 1));
    if (context.input(1).elementCount() != 1)
        return fail(context.invalid("one value", context.input(1).shape.text()));
    QL_TRY(const Shape shape, shapeOperand(context, 0));
    context.setOutputShape(0, shape);
    return [count = static_cast<std::size_t>(shape.elementCount()), size = elementSize(context.input(1).type())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) { fillElements(run.output<std::byte>(0, sample), count, run.input<std::byte>(1, sample), size); });
    };
}

} // namespace

extern const OperatorKernel fill_kernel{"FILL", prepare, kMovableTypes};

} // namespace quantloupe
