// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"
#include "kernels/selection.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// SELECT: the condition has the inputs' shape, or is a vector that picks whole rows, or one for all.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(requireSelection(context));
    const Shape &condition = context.input(0).shape;
    const Shape &shape = context.input(1).shape;
    const bool picksRows = condition.rank() == 1 && shape.rank() >= 1 && condition[0] == shape[0];
    const bool picksAll = condition.elementCount() == 1 && condition.rank() <= 1;
    if (context.input(2).shape != shape || (condition != shape && !picksRows && !picksAll))
        return fail(context.invalid(fmt::format("two inputs of shape {} and a condition of that shape or of its rows", shape.text()),
                                    fmt::format("{} and {}", context.input(2).shape.text(), condition.text())));
    context.setOutputShape(0, shape);
    const auto count = static_cast<std::size_t>(shape.elementCount());
    if (condition == shape)
        return selected(context.input(1).type(), {{count, {1, 1, 1}}});
    const auto rows = picksRows ? static_cast<std::size_t>(shape[0]) : 1;
    const std::size_t rowElements = rows > 0 ? count / rows : 0;
    const auto step = static_cast<std::ptrdiff_t>(rowElements);
    return selected(context.input(1).type(), {{rows, {1, step, step}}, {rowElements, {0, 1, 1}}});
}

} // namespace

extern const OperatorKernel select_kernel{"SELECT", prepare, kMovableTypes};

} // namespace quantloupe
