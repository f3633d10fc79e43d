// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/joining.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace quantloupe {
namespace {

/// The lengths of the outputs; one of them may be written as -1 and takes what is left.
Result<std::vector<std::int64_t>> lengths(const PrepareContext &context, std::int64_t length)
{
    QL_TRY(auto sizes, integersOperand(context, 1, context.outputCount()));
    const std::string written = fmt::format("[{}]", fmt::join(sizes, ", "));
    std::int64_t left = length;
    for (const std::int64_t size : sizes)
        left -= std::clamp<std::int64_t>(size, 0, length + 1);
    const auto open = std::ranges::find(sizes, -1);
    if (open != sizes.end())
        *open = left;
    if (std::ranges::any_of(sizes, [&](std::int64_t size) { return size < 0 || size > length; }) || (open == sizes.end() && left != 0))
        return fail(context.invalid(fmt::format("lengths that add up to {}", length), written));
    return sizes;
}

/// SPLIT_V: input 0 is cut along the axis in input 2 into outputs of the lengths in input 1.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, context.outputCount()));
    QL_CHECK(requireMovable(context));
    Shape shape = context.input(0).shape;
    QL_TRY(const int axis, axisOperand(context, 2, shape.rank()));
    QL_TRY(const auto sizes, lengths(context, shape[axis]));
    const auto rows = static_cast<std::size_t>(shape.product(0, axis));
    std::vector<std::size_t> pieces;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        shape[axis] = static_cast<std::int32_t>(sizes[i]);
        context.setOutputShape(i, shape);
        pieces.push_back(static_cast<std::size_t>(shape.product(axis, shape.rank())) * elementSize(context.input(0).type()));
    }
    return takenApart(rows, std::move(pieces), 0);
}

} // namespace

extern const OperatorKernel split_v_kernel{"SPLIT_V", prepare, kMovableTypes};

} // namespace quantloupe
