// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/binary.h"
#include "kernels/pointwise.h"

namespace quantloupe {

/// The function, but a failure at run time when the second input has a 0.
template <typename T> EvalFunction requiringDivisors(const PrepareContext &context, EvalFunction eval)
{
    return requiringEvery<T>(1, static_cast<std::size_t>(context.input(1).elementCount()), "divisors other than 0", [](T x) { return x != T{0}; }, std::move(eval));
}

/// FLOOR_DIV and FLOOR_MOD: f on two integers of one type, or on floats where 0 divides as it does in float.
template <typename F> Result<EvalFunction> prepareFloorDivision(PrepareContext &context, F f)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    const auto integers = [&](auto type) -> EvalFunction {
        using T = decltype(type);
        return requiringDivisors<T>(context, elementwise<T, T>(plan, f));
    };
    switch (context.output().type()) {
    case DataType::Float32: return elementwise<float, float>(plan, f);
    case DataType::Int8: return integers(std::int8_t{});
    case DataType::Int16: return integers(std::int16_t{});
    case DataType::Int32: return integers(std::int32_t{});
    case DataType::Int64: return integers(std::int64_t{});
    default: return fail(context.unsupported("float32, int8, int16, int32 or int64", context.typesText()));
    }
}

inline constexpr unsigned kFloorDivisionTypes = kFloat32 | kInt8 | kInt16 | kInt32 | kInt64;

} // namespace quantloupe
