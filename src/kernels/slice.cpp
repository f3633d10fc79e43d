// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// SLICE: from `begin` (input 1), `size` elements (input 2) of every axis; -1 takes all that follow.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    const auto rank = static_cast<std::size_t>(input.rank());
    QL_TRY(const auto begin, integersOperand(context, 1, rank));
    QL_TRY(auto size, integersOperand(context, 2, rank));
    for (std::size_t axis = 0; axis < rank; ++axis) {
        const std::int64_t length = input[static_cast<int>(axis)];
        const bool startsInside = begin[axis] >= 0 && begin[axis] <= length;
        if (startsInside && size[axis] == -1)
            size[axis] = length - begin[axis];
        if (!startsInside || size[axis] < 0 || size[axis] > length - begin[axis])
            return fail(context.invalid(fmt::format("a slice of axis {} within {}", axis, length), fmt::format("{} elements from {}", size[axis], begin[axis])));
    }
    QL_TRY(const Shape shape, shapeOf(context, size));
    context.setOutputShape(0, shape);

    const auto inSteps = rowMajorSteps(input);
    const auto outSteps = rowMajorSteps(shape);
    std::vector<StridedWalk::Axis> axes;
    std::ptrdiff_t start = 0;
    for (std::size_t axis = 0; axis < rank; ++axis) {
        axes.push_back({static_cast<std::size_t>(size[axis]), inSteps[axis], outSteps[axis]});
        start += begin[axis] * inSteps[axis];
    }
    return copied(context.input(0).type(), StridedWalk(axes, start));
}

} // namespace

extern const OperatorKernel slice_kernel{"SLICE", prepare, kMovableTypes};

} // namespace quantloupe
