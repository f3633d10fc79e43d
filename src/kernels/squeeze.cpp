// SPDX-License-Identifier: GPL-3.0-or-later
//
// SQUEEZE: takes away the axes the option squeeze_dims names, all of length 1 when it names none.
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    const auto named = context.options().integers("squeeze_dims");
    std::vector<bool> isTaken(static_cast<std::size_t>(input.rank()), false);
    for (const std::int64_t written : named) {
        QL_TRY(const int axis, normalizedAxis(context, written, input.rank()));
        if (input[axis] != 1)
            return fail(context.invalid(fmt::format("axis {} of length 1", axis), input.text()));
        isTaken[static_cast<std::size_t>(axis)] = true;
    }
    Shape shape;
    for (int axis = 0; axis < input.rank(); ++axis)
        if (named.empty() ? input[axis] != 1 : !isTaken[static_cast<std::size_t>(axis)])
            shape.append(input[axis]);
    return copiedAs(context, shape);
}

} // namespace

extern const OperatorKernel squeeze_kernel{"SQUEEZE", prepare, kMovableTypes};

} // namespace quantloupe
