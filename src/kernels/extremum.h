// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/binary.h"

namespace quantloupe {

/// MAXIMUM and MINIMUM: f picks one of two values of any type; codes are compared as they are, whatever their scales.
template <typename F> Result<EvalFunction> prepareExtremum(PrepareContext &context, F f)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    switch (context.output().type()) {
    case DataType::Float32: return elementwise<float, float>(plan, f);
    case DataType::Int8: return elementwise<std::int8_t, std::int8_t>(plan, f);
    case DataType::UInt8: return elementwise<std::uint8_t, std::uint8_t>(plan, f);
    case DataType::Int16: return elementwise<std::int16_t, std::int16_t>(plan, f);
    case DataType::Int32: return elementwise<std::int32_t, std::int32_t>(plan, f);
    case DataType::Int64: return elementwise<std::int64_t, std::int64_t>(plan, f);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

inline constexpr unsigned kExtremumTypes = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64;

} // namespace quantloupe
