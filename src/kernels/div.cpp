// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/division.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Free bits before the highest significant one, the sign apart.
int signHeadroom(std::int32_t x)
{
    const auto magnitude = static_cast<std::uint32_t>(x < 0 ? -x - 1 : x);
    return fixed_point::countLeadingZeros(magnitude) - 1;
}

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, const Broadcast &plan)
{
    const OperandDesc &a = context.input(0);
    const OperandDesc &b = context.input(1);
    const OperandDesc &output = context.output();
    const double factor = context.traits().multipliersInDouble
        ? static_cast<double>(a.scale()) / (static_cast<double>(b.scale()) * static_cast<double>(output.scale()))
        : static_cast<double>(a.scale() / (b.scale() * output.scale()));
    if (!std::isfinite(factor) || factor < 0.0)
        return fail(context.invalid("scales above 0", fmt::format("input scales {} and {}, output scale {}", a.scale(), b.scale(), output.scale())));
    const auto divide = [multiplier = fixed_point::multiplierOf(factor), clamp = codeClamp(fusedActivation(context), output), zeroA = a.zeroPoint(), zeroB = b.zeroPoint(),
                         zeroOut = output.zeroPoint()](Code x, Code y) {
        const std::int32_t divisor = y - zeroB;
        const std::int32_t dividend = divisor < 0 ? zeroA - x : x - zeroA;
        const fixed_point::Reciprocal inverse = fixed_point::reciprocal(static_cast<std::uint32_t>(std::abs(divisor)), 31);
        const int headroom = signHeadroom(dividend);
        const std::int32_t quotient = fixed_point::saturatingRoundingDoublingHighMul(fixed_point::wrappingShiftLeft(dividend, headroom), inverse.value);
        const int exponent = std::min(multiplier.exponent - inverse.bitsOverUnit - headroom, 31);
        const auto steps = static_cast<std::uint32_t>(fixed_point::multiplyBeyondRange(quotient, {multiplier.mantissa, exponent})); // small quotients come out as large ones
        return static_cast<Code>(clamp(static_cast<std::int32_t>(steps + static_cast<std::uint32_t>(zeroOut))));
    };
    const std::int32_t zero = b.zeroPoint();
    return requiringEvery<Code>(1, static_cast<std::size_t>(b.elementCount()), "divisors other than the zero point", [zero](Code code) { return code != zero; }, elementwise<Code, Code>(plan, divide));
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    const FloatClamp real = floatClamp(fusedActivation(context));
    switch (context.output().type()) {
    case DataType::Float32: return elementwise<float, float>(plan, [real](float a, float b) { return real(a / b); });
    case DataType::Int32: {
        const auto low = static_cast<std::int32_t>(std::max(real.min, -2147483648.0f));
        const std::int32_t high = real.max > 6.0f ? std::numeric_limits<std::int32_t>::max() : static_cast<std::int32_t>(real.max);
        return requiringDivisors<std::int32_t>(context, elementwise<std::int32_t, std::int32_t>(plan, [low, high](std::int32_t a, std::int32_t b) {
            const auto quotient = static_cast<std::int32_t>(std::int64_t{a} / b); // the smallest integer over -1 wraps
            return std::min(std::max(quotient, low), high);
        }));
    }
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, plan);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, plan);
    case DataType::Int16: return prepareQuantized<std::int16_t>(context, plan);
    default: return fail(context.unsupported("float32, int8, uint8, int16 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel div_kernel{"DIV", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32};

} // namespace quantloupe
