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
    const Shape &input = context.input(0).shape;
    QL_TRY(const auto times, integersOperand(context, 1, static_cast<std::size_t>(input.rank())));
    QL_TRY(const Shape repeats, shapeOf(context, times)); // each is a dimension of the output's size at most
    std::vector<std::int64_t> dims;
    for (int axis = 0; axis < input.rank(); ++axis)
        dims.push_back(std::int64_t{repeats[axis]} * input[axis]);
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);

    const auto inSteps = rowMajorSteps(input);
    const auto outSteps = rowMajorSteps(shape);
    std::vector<StridedWalk::Axis> axes;
    for (std::size_t axis = 0; axis < inSteps.size(); ++axis) {
        const std::ptrdiff_t length = input[static_cast<int>(axis)];
        axes.push_back({static_cast<std::size_t>(times[axis]), 0, outSteps[axis] * length});
        axes.push_back({static_cast<std::size_t>(length), inSteps[axis], outSteps[axis]});
    }
    return copied(context.input(0).type(), StridedWalk(axes));
}

} // namespace

extern const OperatorKernel tile_kernel{"TILE", prepare, kMovableTypes};

} // namespace quantloupe
