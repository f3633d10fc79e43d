// SPDX-License-Identifier: GPL-3.0-or-later
//
// RESHAPE: the new shape is input 1 or, without one, the option new_shape; one dimension of -1 takes what is left.
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quantloupe {
namespace {

Result<std::vector<std::int64_t>> writtenShape(const PrepareContext &context)
{
    // The reference looks at input 1 only when it is a vector of int32.
    if (context.hasInput(1) && context.input(1).shape.rank() == 1 && context.input(1).type() == DataType::Int32)
        return context.integers(1);
    const auto option = context.options().integers("new_shape");
    // Files written before scalars were stated so: [0] for a scalar.
    if (option.size() == 1 && option[0] == 0)
        return std::vector<std::int64_t>{};
    return std::vector<std::int64_t>(option.begin(), option.end());
}

Result<Shape> newShape(const PrepareContext &context)
{
    QL_TRY(auto dims, writtenShape(context));
    const std::string written = fmt::format("[{}]", fmt::join(dims, ", "));
    const auto stretched = std::ranges::find(dims, -1);
    if (stretched != dims.end())
        *stretched = 1;
    QL_TRY(Shape shape, shapeOf(context, dims));
    const std::int64_t count = context.input(0).elementCount();
    if (stretched != dims.end() && shape.elementCount() > 0) {
        shape[static_cast<int>(stretched - dims.begin())] = static_cast<std::int32_t>(count / shape.elementCount());
    }
    if (shape.elementCount() != count)
        return fail(context.invalid(fmt::format("a shape of {} elements", count), written));
    return shape;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 2, 1));
    QL_CHECK(requireMovable(context));
    QL_TRY(const Shape shape, newShape(context));
    return copiedAs(context, shape);
}

} // namespace

extern const OperatorKernel reshape_kernel{"RESHAPE", prepare, kMovableTypes};

} // namespace quantloupe
