// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    QL_TRY(const Shape shape, shapeOperand(context, 1));
    const int missing = shape.rank() - input.rank();
    const auto inSteps = rowMajorSteps(input);
    const auto outSteps = rowMajorSteps(shape);
    std::vector<StridedWalk::Axis> axes;
    for (int axis = 0; axis < shape.rank(); ++axis) {
        const std::int32_t length = axis < missing ? 1 : input[axis - missing];
        if (missing < 0 || (length != 1 && length != shape[axis]))
            break;
        axes.push_back({static_cast<std::size_t>(shape[axis]), length == 1 ? 0 : inSteps[static_cast<std::size_t>(axis - missing)], outSteps[static_cast<std::size_t>(axis)]});
    }
    if (missing < 0 || axes.size() != outSteps.size())
        return fail(context.invalid(fmt::format("a shape that {} broadcasts to", input.text()), shape.text()));
    context.setOutputShape(0, shape);
    return copied(context.input(0).type(), StridedWalk(axes));
}

} // namespace

extern const OperatorKernel broadcast_to_kernel{"BROADCAST_TO", prepare, kMovableTypes};

} // namespace quantloupe
