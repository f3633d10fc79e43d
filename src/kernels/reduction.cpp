// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reduction.h"

#include "kernels/axes.h"

namespace quantloupe {

Result<Reduction> reduction(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    const Shape &input = context.input(0).shape;
    QL_TRY(const auto isReduced, axesOperand(context, 1, input.rank()));
    const bool keepsAxes = context.options().boolean("keep_dims");

    Shape shape;  // of the output
    Shape kept;   // the same with every reduced axis as 1
    for (int axis = 0; axis < input.rank(); ++axis) {
        const bool reduces = isReduced[static_cast<std::size_t>(axis)];
        kept.append(reduces ? 1 : input[axis]);
        if (!reduces || keepsAxes)
            shape.append(kept[axis]);
    }
    const auto inSteps = rowMajorSteps(input);
    const auto outSteps = rowMajorSteps(kept);
    std::vector<StridedWalk::Axis> axes;
    Reduction plan;
    plan.outputs = static_cast<std::size_t>(kept.elementCount());
    plan.reduced = 1;
    for (std::size_t axis = 0; axis < inSteps.size(); ++axis) {
        const auto length = static_cast<std::size_t>(input[static_cast<int>(axis)]);
        axes.push_back({length, inSteps[axis], isReduced[axis] ? 0 : outSteps[axis]});
        if (isReduced[axis])
            plan.reduced *= length;
    }
    plan.walk = StridedWalk(axes);
    context.setOutputShape(0, shape);
    return plan;
}

} // namespace quantloupe
