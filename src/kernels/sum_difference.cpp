// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/sum_difference.h"

#include "kernels/simd/elementwise.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

template <typename T> Result<EvalFunction> prepareInteger(PrepareContext &context, const Broadcast &plan, bool isMinus)
{
    // The activation's limits, as far as integers have them.
    const FloatClamp real = floatClamp(isMinus || context.traits().integerAddClamps ? fusedActivation(context) : Activation::None);
    const T low = real.min < -1.0f ? std::numeric_limits<T>::min() : static_cast<T>(real.min);
    const T high = real.max > 6.0f ? std::numeric_limits<T>::max() : static_cast<T>(real.max);
    return elementwise<T, T>(plan, [isMinus, low, high](T a, T b) {
        using Unsigned = std::make_unsigned_t<T>; // sums wrap
        const auto result = static_cast<T>(isMinus ? static_cast<Unsigned>(a) - static_cast<Unsigned>(b) : static_cast<Unsigned>(a) + static_cast<Unsigned>(b));
        return std::min(std::max(result, low), high);
    });
}

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, const Broadcast &plan, bool isMinus)
{
    const auto outFactor = [](double twiceMax, int leftShift, double outputScale) { return twiceMax / (static_cast<double>(1 << leftShift) * outputScale); };
    QL_TRY(const CommonScale scale, commonScale(context, sizeof(Code) == 1 ? 20 : 15, outFactor, isMinus));
    auto one = elementwise<Code, Code>(plan, [scale, isMinus](Code a, Code b) {
        const auto left = static_cast<std::uint32_t>(scale.scaledA(a));
        const auto right = static_cast<std::uint32_t>(scale.scaledB(b));
        return static_cast<Code>(scale.code(static_cast<std::int32_t>(isMinus ? left - right : left + right)));
    });
    const auto many = [scale, combination = isMinus ? simd::Combination::Difference : simd::Combination::Sum](simd::RunOperand<Code> a, simd::RunOperand<Code> b, std::size_t count, Code *out) {
        simd::combineCodes(scale, combination, a, b, count, out);
    };
    return simd::runwise<Code>(context, many, std::move(one));
}

/// int16 with all scales powers of two, or as good as, and the option pot_scale_int16: one input is shifted to meet the other.
struct PowerOfTwoShifts {
    int a = 0;
    int b = 0;
};
bool usesPowerOfTwoShifts(const PrepareContext &context, PowerOfTwoShifts &shifts)
{
    if (!context.traits().addShiftsPowersOfTwo || context.options().integer("pot_scale_int16", 1) == 0)
        return false;
    const auto a = fixed_point::log2OfPowerOfTwo(context.input(0).scale());
    const auto b = fixed_point::log2OfPowerOfTwo(context.input(1).scale());
    const auto out = fixed_point::log2OfPowerOfTwo(context.output().scale());
    if (!a || !b || !out)
        return false;
    shifts = {*a - *out, *b - *out};
    return true;
}

Result<EvalFunction> prepareShifted(PrepareContext &context, const Broadcast &plan, bool isMinus, PowerOfTwoShifts shifts)
{
    if ((shifts.a != 0 && shifts.b != 0) || shifts.a > 0 || shifts.b > 0)
        return fail(context.unsupported("one input of the output's scale and none of a larger one (the reference kernels refuse)",
                                        fmt::format("input scales {} and {}, output scale {}", context.input(0).scale(), context.input(1).scale(), context.output().scale())));
    const CodeClamp clamp = codeClamp(fusedActivation(context), context.output());
    return elementwise<std::int16_t, std::int16_t>(plan, [=](std::int16_t a, std::int16_t b) {
        const std::int32_t left = fixed_point::roundingDivideByPowerOfTwo(a, -shifts.a);
        const std::int32_t right = fixed_point::roundingDivideByPowerOfTwo(b, -shifts.b);
        return static_cast<std::int16_t>(clamp(fixed_point::saturate<std::int16_t>(isMinus ? left - right : left + right)));
    });
}

} // namespace

Result<EvalFunction> prepareSumOrDifference(PrepareContext &context, Sign sign)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    const bool isMinus = sign == Sign::Minus;
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    switch (context.output().type()) {
    case DataType::Float32:
        return simd::floatArithmetic(context, plan, isMinus ? simd::Arithmetic::Difference : simd::Arithmetic::Sum, floatClamp(fusedActivation(context)));
    case DataType::Int32: return prepareInteger<std::int32_t>(context, plan, isMinus);
    case DataType::Int64: return prepareInteger<std::int64_t>(context, plan, isMinus);
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, plan, isMinus);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, plan, isMinus);
    case DataType::Int16:
        if (!context.output().quant().isQuantized())
            return prepareInteger<std::int16_t>(context, plan, isMinus);
        if (PowerOfTwoShifts shifts; usesPowerOfTwoShifts(context, shifts))
            return prepareShifted(context, plan, isMinus, shifts);
        return prepareQuantized<std::int16_t>(context, plan, isMinus);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace quantloupe
