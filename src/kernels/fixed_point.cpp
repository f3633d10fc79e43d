// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/fixed_point.h"

#include <array>
#include <type_traits>

namespace quantloupe::fixed_point {
namespace {

/// A constant given for 32 bits, in the width at hand.
template <typename Raw> Raw constant(std::int32_t raw32)
{
    if constexpr (sizeof(Raw) == 4)
        return raw32;
    else
        return static_cast<Raw>(roundingDivideByPowerOfTwo(raw32, 16));
}

template <typename Raw> constexpr int kBits = static_cast<int>(sizeof(Raw)) * 8;
template <typename Raw> constexpr Raw kOne = std::numeric_limits<Raw>::max(); ///< 1.0 with no integer bits

template <typename Raw> Raw product(Raw a, Raw b)
{
    return saturatingRoundingDoublingHighMul(a, b);
}

/// Sums wrap, as the reference's SIMD types do.
template <typename Raw> Raw sum(Raw a, Raw b)
{
    using Unsigned = std::make_unsigned_t<Raw>;
    return static_cast<Raw>(static_cast<Unsigned>(static_cast<Unsigned>(a) + static_cast<Unsigned>(b)));
}
template <typename Raw> Raw difference(Raw a, Raw b)
{
    using Unsigned = std::make_unsigned_t<Raw>;
    return static_cast<Raw>(static_cast<Unsigned>(static_cast<Unsigned>(a) - static_cast<Unsigned>(b)));
}

/// exp of a in [-1/4, 0): the Taylor series of degree 4 around -1/8.
template <typename Raw> Raw expOnLastQuarter(Raw a)
{
    const Raw term = constant<Raw>(1895147668); // exp(-1/8)
    const Raw oneThird = constant<Raw>(715827883);
    const Raw x = sum(a, static_cast<Raw>(Raw{1} << (kBits<Raw> - 1 - 3)));
    const Raw x2 = product(x, x);
    const Raw x3 = product(x2, x);
    const Raw x4 = product(x2, x2);
    const Raw x4Quarter = saturatingRoundingMultiplyByPowerOfTwo(x4, -2);
    const Raw tail = saturatingRoundingMultiplyByPowerOfTwo(sum(product(sum(x4Quarter, x3), oneThird), x2), -1);
    const Raw scaled = product(term, sum(x, tail));
    if constexpr (sizeof(Raw) == 2)
        return saturate<Raw>(std::int32_t{term} + scaled);
    else
        return sum(term, scaled);
}

template <typename Raw> Raw expNegative(Raw a, int integerBits)
{
    if (a == 0)
        return kOne<Raw>;
    const int fractionalBits = kBits<Raw> - 1 - integerBits;
    if (integerBits > 5 && a < constant<Raw>(static_cast<std::int32_t>(-(std::int64_t{1} << (36 - integerBits))))) // below -32
        return 0;
    const Raw quarter = static_cast<Raw>(Raw{1} << (fractionalBits - 2));
    const Raw inQuarter = difference(static_cast<Raw>(a & (quarter - 1)), quarter);
    Raw result = expOnLastQuarter(saturatingRoundingMultiplyByPowerOfTwo(inQuarter, integerBits));
    const Raw remainder = difference(inQuarter, a);
    // exp(-2^k) for k = -2..4, applied for each set bit of what lies beyond the last quarter.
    constexpr std::array<std::int32_t, 7> kFactors{1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    for (int exponent = -2; exponent <= 4; ++exponent)
        if (integerBits > exponent && (remainder & static_cast<Raw>(Raw{1} << (fractionalBits + exponent))) != 0)
            result = product(result, constant<Raw>(kFactors[static_cast<std::size_t>(exponent + 2)]));
    return result;
}

/// Newton-Raphson for 2 / (1 + a) of a in [0, 1], with two integer bits.
template <typename Raw> Raw twoOverOnePlus(Raw a)
{
    const Raw halfDenominator = roundingHalfSum(a, kOne<Raw>);
    const Raw one = static_cast<Raw>(Raw{1} << (kBits<Raw> - 1 - 2));
    Raw x = sum(constant<Raw>(1515870810), product(halfDenominator, constant<Raw>(-1010580540))); // 48/17 - 32/17 d
    for (int i = 0; i < 3; ++i) {
        const Raw rest = difference(one, product(halfDenominator, x));
        x = sum(x, saturatingRoundingMultiplyByPowerOfTwo(product(x, rest), 2));
    }
    return x;
}

template <typename Raw> Raw reciprocalOfOnePlus(Raw a)
{
    return saturatingRoundingMultiplyByPowerOfTwo(twoOverOnePlus(a), 1);
}

template <typename Raw> Raw logisticOf(Raw a, int integerBits)
{
    if (a == 0)
        return static_cast<Raw>(Raw{1} << (kBits<Raw> - 2));
    const Raw negative = a > 0 ? difference(Raw{0}, a) : a;
    const Raw positiveResult = reciprocalOfOnePlus(expNegative(negative, integerBits));
    return a > 0 ? positiveResult : difference(kOne<Raw>, positiveResult);
}

template <typename Raw> Raw tanhOf(Raw a, int integerBits)
{
    if (a == 0)
        return 0;
    const Raw negative = a > 0 ? difference(Raw{0}, a) : a;
    // The same raw value read with one more integer bit is 2a.
    const Raw x = twoOverOnePlus(expNegative(negative, integerBits + 1));
    const Raw one = static_cast<Raw>(Raw{1} << (kBits<Raw> - 1 - 2));
    const Raw positiveResult = saturatingRoundingMultiplyByPowerOfTwo(difference(x, one), 2);
    return a > 0 ? positiveResult : difference(Raw{0}, positiveResult);
}

std::array<std::uint16_t, 256> makeSigmoidTable()
{
    // Each entry is moved by half the error that linear interpolation makes in the middle of its interval.
    const auto sigmoid = [](double x) { return 65536.0 / (1.0 + std::exp(-x)); };
    std::array<std::uint16_t, 256> table{};
    for (int k = 0; k < 256; ++k) {
        const double here = sigmoid(k / 24.0);
        const double middleError = (here + sigmoid((k + 1) / 24.0)) / 2.0 - sigmoid((k + 0.5) / 24.0);
        table[static_cast<std::size_t>(k)] = static_cast<std::uint16_t>(std::min(65535.0, std::round(here - middleError / 2.0)));
    }
    table[255] = 65535;
    return table;
}

std::uint32_t interpolated(std::uint32_t index, std::uint32_t fraction, int fractionBits)
{
    static const std::array<std::uint16_t, 256> kTable = makeSigmoidTable();
    const std::uint32_t here = kTable[index];
    return (here << fractionBits) + fraction * (kTable[index + 1] - here);
}

std::int32_t tableArgument(std::int16_t x, TableInput input)
{
    const std::int32_t half = input.rightShift > 0 ? 1 << (input.rightShift - 1) : 0;
    return (x * input.multiplier + half) >> input.rightShift;
}

} // namespace

std::int32_t expOnNegativeValues(std::int32_t a, int integerBits) { return expNegative(a, integerBits); }
std::int32_t oneOverOnePlusX(std::int32_t x) { return reciprocalOfOnePlus(x); }
std::int32_t logistic(std::int32_t a, int integerBits) { return logisticOf(a, integerBits); }
std::int32_t tanh(std::int32_t a, int integerBits) { return tanhOf(a, integerBits); }
std::int16_t logistic(std::int16_t a, int integerBits) { return logisticOf(a, integerBits); }
std::int16_t tanh(std::int16_t a, int integerBits) { return tanhOf(a, integerBits); }

std::int32_t logOfAtLeastOne(std::int32_t x)
{
    // x = 2^n r with r about 1: n log 2 + log r. r is taken from x or from x sqrt(1/2), whichever lies closer; log r by a
    // rational function of q = 2 (r - 2^-1/4). All constants are Q0.31; sums of the result have 6 integer bits.
    constexpr int kInputBits = 12;
    constexpr int kSumBits = 6;
    constexpr std::int32_t kLog2 = 1488522236;
    constexpr std::int32_t kSqrtHalf = 1518500250;
    constexpr std::int32_t kFourthRootHalf = 1805811301;
    constexpr std::int32_t kAlphaN = 117049297;  // 11/240 * 2^1/4
    constexpr std::int32_t kAlphaD = 127690142;  // 1/20 * 2^1/4
    constexpr std::int32_t kAlphaI = 1057819769; // 2^3/4 - 2^1/4
    constexpr std::int32_t kAlphaF = 638450708;  // 1/4 * 2^1/4
    constexpr std::int32_t kQuarter = 1 << (31 - kSumBits - 2);

    const int headroomA = countLeadingZeros(static_cast<std::uint32_t>(x));
    const std::int32_t shiftedA = saturatingRoundingMultiplyByPowerOfTwo(x, headroomA - 1);
    const std::int32_t ratioA = saturatingRoundingMultiplyByPowerOfTwo(product(shiftedA, kSqrtHalf), 1);
    const std::int32_t exponentA = saturate<std::int32_t>(std::int64_t{saturatingRoundingMultiplyByPowerOfTwo(kInputBits - headroomA, 31 - kSumBits)} + kQuarter);

    const std::int32_t halved = product(x, kSqrtHalf);
    const int headroomB = countLeadingZeros(static_cast<std::uint32_t>(halved)) - 1;
    const std::int32_t ratioB = saturatingRoundingMultiplyByPowerOfTwo(x, headroomB);
    const std::int32_t exponentB = saturate<std::int32_t>(std::int64_t{saturatingRoundingMultiplyByPowerOfTwo(kInputBits - headroomB, 31 - kSumBits)} - kQuarter);

    const std::int32_t r = std::min(ratioA, ratioB);
    const std::int32_t exponent = std::max(exponentA, exponentB);
    const std::int32_t p = roundingHalfSum(r, kFourthRootHalf);
    const std::int32_t halfQ = difference(r, kFourthRootHalf);
    const std::int32_t q = sum(halfQ, halfQ);
    const std::int32_t square = product(q, q);
    const std::int32_t numerator = sum(product(q, r), product(product(q, square), kAlphaN));
    const std::int32_t inner = sum(sum(kAlphaI, q), product(kAlphaD, square));
    const std::int32_t denominatorMinusOne = sum(product(p, inner), product(kAlphaF, q));
    const std::int32_t scaledNumerator = roundingDivideByPowerOfTwo(numerator, kSumBits);
    const std::int32_t result = sum(product(exponent, kLog2), product(scaledNumerator, oneOverOnePlusX(denominatorMinusOne)));
    return saturatingRoundingMultiplyByPowerOfTwo(result, 1); // to 5 integer bits
}

Reciprocal reciprocal(std::uint32_t x, int integerBits)
{
    const int headroom = countLeadingZeros(x); // one more than what is free beside the sign
    const auto minusOne = static_cast<std::int32_t>((x << headroom) - (std::uint32_t{1} << 31));
    return {oneOverOnePlusX(minusOne), integerBits - headroom};
}

std::int32_t inputRadius(int integerBits, int leftShift)
{
    const double rescaled = static_cast<double>((1 << integerBits) - 1) * static_cast<double>(1LL << (31 - integerBits)) / std::ldexp(1.0, leftShift);
    return static_cast<std::int32_t>(std::min(std::floor(rescaled), 2147483647.0));
}

Multiplier inverseSquareRoot(std::int32_t input, int reverseShift)
{
    if (input <= 1)
        return {std::numeric_limits<std::int32_t>::max(), 0};
    int shift = 11;
    while (input >= (1 << 29)) {
        input /= 4;
        ++shift;
    }
    const int leftPairs = (countLeadingZeros(static_cast<std::uint32_t>(input)) - 1) / 2 - 1;
    shift -= leftPairs;
    input = wrappingShiftLeft(input, 2 * leftPairs);
    // Newton iteration x <- 1.5 x - 0.5 input x^3 with three integer bits.
    const std::int32_t halfInput = saturatingRoundingMultiplyByPowerOfTwo(input >> 1, -1);
    const std::int32_t oneAndHalf = (1 << 28) + (1 << 27);
    std::int32_t x = 1 << 28;
    for (int i = 0; i < 5; ++i) {
        const std::int32_t cube = saturatingRoundingMultiplyByPowerOfTwo(product(product(x, x), x), 6);
        x = saturatingRoundingMultiplyByPowerOfTwo(difference(product(oneAndHalf, x), product(halfInput, cube)), 3);
    }
    std::int32_t mantissa = product(x, std::int32_t{1518500250}); // sqrt(2) / 2
    if (shift < 0) {
        mantissa = wrappingShiftLeft(mantissa, -shift);
        shift = 0;
    }
    return {mantissa, shift * reverseShift};
}

std::int16_t logisticByTable(std::int16_t x, TableInput input)
{
    const std::int32_t scaled = tableArgument(x, input);
    const std::uint32_t magnitude = static_cast<std::uint32_t>(std::abs(scaled));
    // 9 bits between entries; sums have 25 fractional bits.
    const std::uint32_t index = magnitude >> 9;
    const std::uint32_t sigmoid = index >= 255 ? 0x7FFFu << 10 : interpolated(index, magnitude & 0x1FF, 9);
    const std::uint32_t result = scaled >= 0 ? sigmoid + (1u << 9) : (1u << 25) - sigmoid + (1u << 9) - 1;
    return static_cast<std::int16_t>(result >> 10);
}

std::int16_t tanhByTable(std::int16_t x, TableInput input)
{
    // tanh(x) = 2 sigmoid(2x) - 1: the same table with one bit less between entries.
    const std::int32_t scaled = tableArgument(x, input);
    const std::uint32_t magnitude = static_cast<std::uint32_t>(std::abs(scaled));
    const std::uint32_t index = magnitude >> 8;
    const auto sigmoid = static_cast<std::int32_t>(index >= 255 ? 0xFFFFu << 8 : interpolated(index, magnitude & 0xFF, 8));
    constexpr std::int32_t kOne = 1 << 23;
    const std::int32_t result = scaled >= 0 ? sigmoid - kOne + (1 << 7) : -sigmoid + kOne + (1 << 7) - 1;
    return static_cast<std::int16_t>(result >> 8);
}

std::optional<int> log2OfPowerOfTwo(float scale)
{
    if (!(scale > 0.0f) || !std::isfinite(scale))
        return std::nullopt;
    const float log2 = std::log(scale) * (1.0f / std::log(2.0f));
    const float rounded = std::round(log2);
    if (!(std::abs(log2 - rounded) < 1e-3f))
        return std::nullopt;
    return static_cast<int>(rounded);
}

} // namespace quantloupe::fixed_point
