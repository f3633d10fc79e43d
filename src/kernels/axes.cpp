// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"

#include <fmt/format.h>
#include <limits>

namespace quantloupe {

Result<int> normalizedAxis(const PrepareContext &context, std::int64_t axis, int rank)
{
    if (axis < -rank || axis >= rank)
        return fail(context.invalid(fmt::format("an axis of {} to {}", -rank, rank - 1), fmt::format("{}", axis)));
    return static_cast<int>(axis < 0 ? axis + rank : axis);
}

Result<int> axisOperand(const PrepareContext &context, std::size_t input, int rank)
{
    QL_TRY(const auto axis, integersOperand(context, input, 1));
    return normalizedAxis(context, axis[0], rank);
}

Result<std::vector<bool>> axesOperand(const PrepareContext &context, std::size_t input, int rank)
{
    QL_TRY(const auto axes, context.integers(input));
    std::vector<bool> isNamed(static_cast<std::size_t>(rank), false);
    for (const std::int64_t written : axes) {
        QL_TRY(const int axis, normalizedAxis(context, written, rank));
        isNamed[static_cast<std::size_t>(axis)] = true;
    }
    return isNamed;
}

Result<Shape> shapeOf(const PrepareContext &context, std::span<const std::int64_t> dims)
{
    std::vector<std::int32_t> narrow;
    narrow.reserve(dims.size());
    for (const std::int64_t dim : dims) {
        if (dim < 0 || dim > std::numeric_limits<std::int32_t>::max())
            return fail(context.invalid("dimensions of 0 to 2^31-1", fmt::format("{}", dim)));
        narrow.push_back(static_cast<std::int32_t>(dim));
    }
    return Shape::make(narrow);
}

Result<Shape> shapeOperand(const PrepareContext &context, std::size_t input)
{
    QL_TRY(const auto dims, context.integers(input));
    return shapeOf(context, dims);
}

Result<std::vector<std::int64_t>> integersOperand(const PrepareContext &context, std::size_t input, std::size_t count)
{
    QL_TRY(auto values, context.integers(input));
    if (values.size() != count)
        return fail(context.invalid(fmt::format("{} values in input {}", count, input), fmt::format("{}", values.size())));
    return values;
}

std::vector<std::ptrdiff_t> rowMajorSteps(const Shape &shape)
{
    std::vector<std::ptrdiff_t> steps(static_cast<std::size_t>(shape.rank()));
    std::ptrdiff_t step = 1;
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
        steps[static_cast<std::size_t>(axis)] = step;
        step *= shape[axis];
    }
    return steps;
}

} // namespace quantloupe
