// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/index_rows.h"

#include <algorithm>
#include <type_traits>

namespace quantloupe {
namespace {

/// Updates that meet at one place add up; codes do so as plain integers, whatever their zero point.
template <typename T> T sum(T a, T b)
{
    if constexpr (std::is_floating_point_v<T>)
        return a + b;
    else if constexpr (std::is_same_v<T, bool>)
        return a || b;
    else
        return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b)); // wraps
}

template <typename T> EvalFunction scattered(const IndexRows &rows, std::size_t count)
{
    return [rows, count](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::int32_t *row = run.input<std::int32_t>(0, sample);
            const T *update = run.input<T>(1, sample);
            T *const out = run.output<T>(0, sample);
            std::fill_n(out, count, T{});
            for (std::size_t i = 0; i < rows.rows; ++i, row += rows.depth, update += rows.sliceElements) {
                const std::ptrdiff_t at = rows.sliceAt(run, row);
                if (at < 0)
                    return;
                for (std::size_t k = 0; k < rows.sliceElements; ++k)
                    out[static_cast<std::size_t>(at) + k] = sum(out[static_cast<std::size_t>(at) + k], update[k]);
            }
        });
    };
}

/// SCATTER_ND: inputs are indices, updates and the output's shape; what nothing is written to is 0.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    if (context.input(0).type() != DataType::Int32)
        return fail(context.typeError(0, "int32"));
    if (context.output().type() != context.input(1).type())
        return fail(context.unsupported("an output of the updates' type", context.typesText()));
    QL_TRY(const Shape shape, shapeOperand(context, 2));
    QL_TRY(const IndexRows rows, indexRows(context, context.input(0).shape, shape));
    if (static_cast<std::size_t>(context.input(1).elementCount()) != rows.rows * rows.sliceElements)
        return fail(context.invalid(fmt::format("updates of {} x {} elements", rows.rows, rows.sliceElements), context.input(1).shape.text()));
    context.setOutputShape(0, shape);
    const auto count = static_cast<std::size_t>(shape.elementCount());
    switch (context.input(1).type()) {
    case DataType::Float32: return scattered<float>(rows, count);
    case DataType::Int8: return scattered<std::int8_t>(rows, count);
    case DataType::UInt8: return scattered<std::uint8_t>(rows, count);
    case DataType::Int16: return scattered<std::int16_t>(rows, count);
    case DataType::Int32: return scattered<std::int32_t>(rows, count);
    case DataType::Int64: return scattered<std::int64_t>(rows, count);
    case DataType::Bool: return scattered<bool>(rows, count);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32, int64 or bool", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel scatter_nd_kernel{"SCATTER_ND", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool};

} // namespace quantloupe
