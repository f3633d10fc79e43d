// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/selection.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// SELECT_V2: all three inputs broadcast together.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(requireSelection(context));
    int rank = 0;
    for (std::size_t i = 0; i < 3; ++i)
        rank = std::max(rank, context.input(i).shape.rank());
    std::vector<SelectionAxis> axes(static_cast<std::size_t>(rank));
    for (std::size_t i = 0; i < 3; ++i) {
        const Shape &shape = context.input(i).shape;
        const auto steps = rowMajorSteps(shape);
        for (int axis = 0; axis < shape.rank(); ++axis) {
            if (shape[axis] == 1)
                continue;
            SelectionAxis &target = axes[static_cast<std::size_t>(rank - shape.rank() + axis)];
            if (target.count != 1 && target.count != static_cast<std::size_t>(shape[axis]))
                return fail(context.invalid("shapes that broadcast together",
                                            fmt::format("{}, {} and {}", context.input(0).shape.text(), context.input(1).shape.text(), context.input(2).shape.text())));
            target.count = static_cast<std::size_t>(shape[axis]);
            target.steps[i] = steps[static_cast<std::size_t>(axis)];
        }
    }
    std::vector<std::int64_t> dims;
    for (const SelectionAxis &axis : axes)
        dims.push_back(static_cast<std::int64_t>(axis.count));
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    return selected(context.input(1).type(), std::move(axes));
}

} // namespace

extern const OperatorKernel select_v2_kernel{"SELECT_V2", prepare, kMovableTypes};

} // namespace quantloupe
