// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <algorithm>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &shape = context.input(0).shape;
    QL_TRY(auto isReversed, axesOperand(context, 1, shape.rank()));
    if (!context.traits().reversesAllAxes) { // the first of the axes named; they are neighbours in rising order
        const auto first = std::ranges::find(isReversed, true);
        if (first != isReversed.end())
            std::fill(first + 1, isReversed.end(), false);
    }
    context.setOutputShape(0, shape);
    const auto steps = rowMajorSteps(shape);
    std::vector<StridedWalk::Axis> axes;
    std::ptrdiff_t start = 0;
    for (std::size_t axis = 0; axis < steps.size(); ++axis) {
        const std::ptrdiff_t length = shape[static_cast<int>(axis)];
        axes.push_back({static_cast<std::size_t>(length), isReversed[axis] ? -steps[axis] : steps[axis], steps[axis]});
        if (isReversed[axis])
            start += (length - 1) * steps[axis];
    }
    return copied(context.input(0).type(), StridedWalk(axes, start));
}

} // namespace

extern const OperatorKernel reverse_v2_kernel{"REVERSE_V2", prepare, kMovableTypes};

} // namespace quantloupe
