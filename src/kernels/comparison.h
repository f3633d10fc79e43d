// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/binary.h"

namespace quantloupe {

/// Both inputs of a quantized comparison brought to real numbers x 2^8 in fixed point.
struct ComparedScales {
    std::int32_t zeroPointA = 0;
    std::int32_t zeroPointB = 0;
    fixed_point::Multiplier a;
    fixed_point::Multiplier b;

    std::int32_t scaledA(std::int32_t code) const { return scaled((code - zeroPointA) * 256, a); }
    std::int32_t scaledB(std::int32_t code) const { return scaled((code - zeroPointB) * 256, b); }

private:
    /// Scales above 1 have exponents that the reference shifts right by, though they are negative: fixed_point.h.
    static std::int32_t scaled(std::int32_t x, fixed_point::Multiplier m)
    {
        return m.exponent <= 0 ? fixed_point::multiply(x, m) : fixed_point::multiplyShiftingByNegative(x, m);
    }
};
/// Fails where the reference kernels abort: a scale of 1, and in TensorFlow Lite Micro those above.
Result<ComparedScales> comparedScales(const PrepareContext &context);
/// The inputs' broadcast; requires an output of type bool.
Result<Broadcast> comparisonBroadcast(PrepareContext &context);

inline constexpr unsigned kComparisonTypes = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64;

template <typename Code, typename F> Result<EvalFunction> prepareScaledComparison(PrepareContext &context, const Broadcast &plan, F f)
{
    QL_TRY(const ComparedScales scales, comparedScales(context));
    return elementwise<Code, bool>(plan, [scales, f](Code a, Code b) { return f(scales.scaledA(a), scales.scaledB(b)); });
}

/// EQUAL, LESS, ...: f compares two values.
template <typename F> Result<EvalFunction> prepareComparison(PrepareContext &context, F f)
{
    QL_TRY(const Broadcast plan, comparisonBroadcast(context));
    const bool isQuantized = context.input(0).quant().isQuantized() && context.input(1).quant().isQuantized();
    switch (context.input(0).type()) {
    case DataType::Float32: return elementwise<float, bool>(plan, f);
    case DataType::Int8: return isQuantized ? prepareScaledComparison<std::int8_t>(context, plan, f) : elementwise<std::int8_t, bool>(plan, f);
    case DataType::UInt8: return isQuantized ? prepareScaledComparison<std::uint8_t>(context, plan, f) : elementwise<std::uint8_t, bool>(plan, f);
    case DataType::Int16: return elementwise<std::int16_t, bool>(plan, f);
    case DataType::Int32: return elementwise<std::int32_t, bool>(plan, f);
    case DataType::Int64: return elementwise<std::int64_t, bool>(plan, f);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

/// EQUAL and NOT_EQUAL, which know bool too.
template <typename F> Result<EvalFunction> prepareEquality(PrepareContext &context, F f)
{
    QL_TRY(const Broadcast plan, comparisonBroadcast(context));
    if (context.input(0).type() == DataType::Bool)
        return elementwise<bool, bool>(plan, f);
    if (context.input(0).type() == DataType::Int16 && context.input(0).quant().isQuantized() && context.traits().int16EqualityRescales)
        return prepareScaledComparison<std::int16_t>(context, plan, f);
    return prepareComparison(context, f);
}

} // namespace quantloupe
