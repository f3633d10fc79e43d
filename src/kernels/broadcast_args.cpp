// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// BROADCAST_ARGS: two shapes, as vectors, to the shape that tensors of these broadcast to.
template <typename T> EvalFunction broadcastShapes(std::size_t first, std::size_t second)
{
    return [first, second](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const T *const a = run.input<T>(0, sample);
            const T *const b = run.input<T>(1, sample);
            const std::size_t rank = std::max(first, second);
            for (std::size_t right = 0; right < rank; ++right) {
                const T x = right < first ? a[first - 1 - right] : 1;
                const T y = right < second ? b[second - 1 - right] : 1;
                if (x != y && x != 1 && y != 1)
                    run.fail(Error{ErrorCode::RuntimeFault, {.expected = "shapes that broadcast together", .got = fmt::format("dimensions {} and {}", x, y)}});
                run.output<T>(0, sample)[rank - 1 - right] = x == 1 ? y : x;
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const OperandDesc &a = context.input(0);
    const OperandDesc &b = context.input(1);
    if (a.shape.rank() != 1 || b.shape.rank() != 1)
        return fail(context.invalid("two vectors", fmt::format("{} and {}", a.shape.text(), b.shape.text())));
    if (a.type() != b.type() || a.type() != context.output().type() || (a.type() != DataType::Int32 && a.type() != DataType::Int64))
        return fail(context.unsupported("int32 or int64", context.typesText()));
    context.setOutputShape(0, {std::max(a.shape[0], b.shape[0])});
    const auto first = static_cast<std::size_t>(a.shape[0]);
    const auto second = static_cast<std::size_t>(b.shape[0]);
    return a.type() == DataType::Int32 ? broadcastShapes<std::int32_t>(first, second) : broadcastShapes<std::int64_t>(first, second);
}

} // namespace

extern const OperatorKernel broadcast_args_kernel{"BROADCAST_ARGS", prepare, kInt32 | kInt64};

} // namespace quantloupe
