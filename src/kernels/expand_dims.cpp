// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    QL_TRY(const int axis, axisOperand(context, 1, input.rank() + 1));
    std::vector<std::int64_t> dims(input.dims().begin(), input.dims().end());
    dims.insert(dims.begin() + axis, 1);
    QL_TRY(const Shape shape, shapeOf(context, dims));
    return copiedAs(context, shape);
}

} // namespace

extern const OperatorKernel expand_dims_kernel{"EXPAND_DIMS", prepare, kMovableTypes};

} // namespace quantloupe
