// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quantloupe {
namespace {

Result<std::vector<int>> permutation(const PrepareContext &context, int rank)
{
    QL_TRY(const auto written, integersOperand(context, 1, static_cast<std::size_t>(rank)));
    std::vector<int> axes;
    for (const std::int64_t axis : written) {
        QL_TRY(const int normalized, normalizedAxis(context, axis, rank));
        if (std::ranges::count(axes, normalized) > 0)
            return fail(context.invalid("every axis once", fmt::format("[{}]", fmt::join(written, ", "))));
        axes.push_back(normalized);
    }
    return axes;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    QL_TRY(const auto order, permutation(context, input.rank()));
    Shape shape;
    for (const int axis : order)
        shape.append(input[axis]);
    const auto inSteps = rowMajorSteps(input);
    const auto outSteps = rowMajorSteps(shape);
    std::vector<StridedWalk::Axis> axes;
    for (std::size_t i = 0; i < order.size(); ++i)
        axes.push_back({static_cast<std::size_t>(shape[static_cast<int>(i)]), inSteps[static_cast<std::size_t>(order[i])], outSteps[i]});
    context.setOutputShape(0, shape);
    return copied(context.input(0).type(), StridedWalk(axes));
}

} // namespace

extern const OperatorKernel transpose_kernel{"TRANSPOSE", prepare, kMovableTypes};

} // namespace quantloupe
