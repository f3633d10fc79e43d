// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fixed-point arithmetic of the TensorFlow Lite reference kernels, restated from their semantics
// (tensorflow/lite/kernels/internal/common.h, quantization_util.cc; gemmlowp's fixed-point types). Every function is
// exact: it returns what the reference returns for every input it is defined for.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace quantloupe::fixed_point {

/// A positive real factor as mantissa * 2^(exponent - 31), mantissa in [2^30, 2^31) (or both 0).
struct Multiplier {
    std::int32_t mantissa = 0;
    int exponent = 0; ///< positive shifts left

    bool operator==(const Multiplier &) const = default;
};

/// The reference's QuantizeMultiplier: rounds the mantissa half away from zero; factors below 2^-32 become 0.
inline Multiplier multiplierOf(double factor)
{
    if (factor == 0.0)
        return {};
    int exponent = 0;
    const double fraction = std::frexp(factor, &exponent);
    auto mantissa = static_cast<std::int64_t>(std::round(fraction * static_cast<double>(1LL << 31)));
    if (mantissa == (1LL << 31)) {
        mantissa /= 2;
        ++exponent;
    }
    if (exponent < -31)
        return {};
    if (exponent > 30) // the reference's single-rounding builds clamp here; larger shifts have no defined result
        return {std::numeric_limits<std::int32_t>::max(), 30};
    return {static_cast<std::int32_t>(mantissa), exponent};
}

/// Saturating rounding doubling high multiply: a * b / 2^31, ties away from zero.
inline std::int32_t saturatingRoundingDoublingHighMul(std::int32_t a, std::int32_t b)
{
    if (a == b && a == std::numeric_limits<std::int32_t>::min())
        return std::numeric_limits<std::int32_t>::max();
    const std::int64_t product = static_cast<std::int64_t>(a) * b;
    const std::int64_t nudge = product >= 0 ? (1LL << 30) : (1 - (1LL << 30));
    return static_cast<std::int32_t>((product + nudge) / (1LL << 31));
}

inline std::int16_t saturatingRoundingDoublingHighMul(std::int16_t a, std::int16_t b)
{
    if (a == b && a == std::numeric_limits<std::int16_t>::min())
        return std::numeric_limits<std::int16_t>::max();
    const std::int32_t product = static_cast<std::int32_t>(a) * b;
    const std::int32_t nudge = product >= 0 ? (1 << 14) : (1 - (1 << 14));
    return static_cast<std::int16_t>((product + nudge) / (1 << 15));
}

/// x / 2^exponent, ties away from zero; 0 <= exponent <= 31.
template <typename Integer> inline Integer roundingDivideByPowerOfTwo(Integer x, int exponent)
{
    const auto mask = static_cast<Integer>((std::int64_t{1} << exponent) - 1);
    const auto remainder = static_cast<Integer>(x & mask);
    const auto threshold = static_cast<Integer>((mask >> 1) + (x < 0 ? 1 : 0));
    return static_cast<Integer>((x >> exponent) + (remainder > threshold ? 1 : 0));
}

/// Left shift that wraps as the reference's unsigned arithmetic does.
inline std::int32_t wrappingShiftLeft(std::int32_t x, int shift)
{
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << shift);
}

/// The reference's MultiplyByQuantizedMultiplier for 32-bit accumulators: rounds twice ("double rounding").
inline std::int32_t multiply(std::int32_t x, Multiplier m)
{
    const int left = m.exponent > 0 ? m.exponent : 0;
    const int right = m.exponent > 0 ? 0 : -m.exponent;
    return roundingDivideByPowerOfTwo(saturatingRoundingDoublingHighMul(wrappingShiftLeft(x, left), m.mantissa), right);
}

/// The same beyond the 31 bits a right shift is defined for: what x86 makes of the reference's code, whose shifts count
/// modulo 32 and whose rounding mask then covers everything.
inline std::int32_t multiplyBeyondRange(std::int32_t x, Multiplier m)
{
    if (m.exponent >= -31)
        return multiply(x, m);
    const std::int32_t product = saturatingRoundingDoublingHighMul(x, m.mantissa);
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(product >> (-m.exponent % 32)) + (product >= 0 ? 1u : 0u));
}

/// What x86 makes of a right shift by the negative of a positive exponent, as the reference's comparisons do with scales
/// above 1: the count is taken modulo 32, and the rounding mask, made by a shift of 64 bits, covers every bit.
inline std::int32_t multiplyShiftingByNegative(std::int32_t x, Multiplier m)
{
    const std::int32_t product = saturatingRoundingDoublingHighMul(x, m.mantissa);
    const std::int32_t threshold = product < 0 ? 0 : -1;
    return (product >> (32 - m.exponent)) + (product > threshold ? 1 : 0);
}

/// The same for 64-bit accumulators (int16 activations): the mantissa is first rounded to 16 bits, which costs up to
/// 1.5e-5 of the value. Defined for |x| < 2^47.
inline std::int32_t multiply(std::int64_t x, Multiplier m)
{
    const std::int32_t mantissa = m.mantissa < 0x7FFF0000 ? (m.mantissa + (1 << 15)) >> 16 : 0x7FFF;
    const int shift = 15 - m.exponent;
    const std::int64_t product = static_cast<std::int64_t>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(static_cast<std::int64_t>(mantissa))
                                                           + (std::uint64_t{1} << (shift - 1)));
    return static_cast<std::int32_t>(product >> shift);
}

template <typename To, typename From> inline To saturate(From value)
{
    return static_cast<To>(std::clamp<From>(value, std::numeric_limits<To>::min(), std::numeric_limits<To>::max()));
}

/// x * 2^exponent with saturation on the way up and rounding on the way down.
template <typename Integer> inline Integer saturatingRoundingMultiplyByPowerOfTwo(Integer x, int exponent)
{
    if (exponent == 0)
        return x;
    if (exponent < 0)
        return roundingDivideByPowerOfTwo(x, -exponent);
    const auto min = std::numeric_limits<Integer>::min();
    const auto max = std::numeric_limits<Integer>::max();
    const std::int64_t threshold = (std::int64_t{1} << (static_cast<int>(sizeof(Integer)) * 8 - 1 - exponent)) - 1;
    if (x > threshold)
        return max;
    if (x < -threshold)
        return min;
    return static_cast<Integer>(static_cast<std::int64_t>(x) * (std::int64_t{1} << exponent));
}

/// floor(log2) helpers of the reference.
inline int countLeadingZeros(std::uint32_t x)
{
    return std::countl_zero(x);
}

/// (a + b) / 2, ties away from zero.
inline std::int32_t roundingHalfSum(std::int32_t a, std::int32_t b)
{
    const std::int64_t sum = static_cast<std::int64_t>(a) + b;
    return static_cast<std::int32_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
}
inline std::int16_t roundingHalfSum(std::int16_t a, std::int16_t b)
{
    const std::int32_t sum = static_cast<std::int32_t>(a) + b;
    return static_cast<std::int16_t>((sum + (sum >= 0 ? 1 : -1)) / 2);
}

/// exp(a) of a <= 0 in Q(integerBits).(31-integerBits), as Q0.31.
std::int32_t expOnNegativeValues(std::int32_t a, int integerBits);
/// 1 / (1 + x) of x in [0, 1] as Q0.31.
std::int32_t oneOverOnePlusX(std::int32_t x);
/// Natural logarithm of x >= 1 in Q12.19, as Q5.26.
std::int32_t logOfAtLeastOne(std::int32_t x);
/// 1 / x of x > 0 with `integerBits` integer bits: value (Q0.31) * 2^-bitsOverUnit.
struct Reciprocal {
    std::int32_t value;
    int bitsOverUnit;
};
Reciprocal reciprocal(std::uint32_t x, int integerBits);
/// The largest difference of codes that, shifted left by `leftShift`, stays within Q(integerBits).
std::int32_t inputRadius(int integerBits, int leftShift);
/// Logistic and tanh of Q(integerBits) values, as Q0.31 and, for 16 bits, Q0.15.
std::int32_t logistic(std::int32_t a, int integerBits);
std::int32_t tanh(std::int32_t a, int integerBits);
std::int16_t logistic(std::int16_t a, int integerBits);
std::int16_t tanh(std::int16_t a, int integerBits);

/// 1 / sqrt(input) as mantissa and shift, by the reference's Newton iteration; input >= 0 (0 and 1 give the largest).
/// The result is mantissa * 2^(shift - 31).
Multiplier inverseSquareRoot(std::int32_t input, int reverseShift);

/// int16 logistic and tanh by a table of 256 sigmoids over [0, 10.7) and interpolation (LOGISTIC and TANH int16, and
/// TFLM's LSTM), as Q0.15. x * multiplier >> rightShift has 12288 steps per unit.
struct TableInput {
    std::int32_t multiplier = 3; ///< 3 alone is for Q3.12
    int rightShift = 0;
};
std::int16_t logisticByTable(std::int16_t x, TableInput input);
std::int16_t tanhByTable(std::int16_t x, TableInput input);

/// log2 of a scale that is a power of two as far as the reference looks: within a thousandth of a binary order.
std::optional<int> log2OfPowerOfTwo(float scale);

} // namespace quantloupe::fixed_point
