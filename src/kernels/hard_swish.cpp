// SPDX-License-Identifier: GPL-3.0-or-later
//
// HARD_SWISH: x * relu6(x + 3) / 6.
#include "kernels/pointwise.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Multiplier16 {
    std::int16_t mantissa;
    int exponent;
};

Multiplier16 multiplier16(float factor)
{
    const fixed_point::Multiplier wide = fixed_point::multiplierOf(static_cast<double>(factor));
    constexpr std::int32_t kHalf = 1 << 15;
    const bool overflows = wide.mantissa >= std::numeric_limits<std::int32_t>::max() - kHalf;
    return {overflows ? std::int16_t{32767} : static_cast<std::int16_t>((wide.mantissa + kHalf) >> 16), wide.exponent};
}

std::int16_t saturatingShiftLeft(std::int16_t x, int amount)
{
    return fixed_point::saturate<std::int16_t>(std::int64_t{x} * (std::int64_t{1} << amount));
}

/// Cut towards 0, which cancels the biases of the roundings before it.
std::int16_t truncatingDoublingHighMul(std::int16_t a, std::int16_t b)
{
    return fixed_point::saturate<std::int16_t>(std::int32_t{a} * b / (1 << 15));
}

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count)
{
    QL_CHECK(requireScales(context));
    const float fineScale = context.input(0).scale() * (1.0f / 128.0f);
    const Multiplier16 toOutput = multiplier16(fineScale / context.output().scale());
    const Multiplier16 toReluish = multiplier16(fineScale / (3.0f / 32768.0f)); // so that 3 is full scale
    if (toOutput.exponent > 0 || toReluish.exponent > 31 || toReluish.exponent < -31)
        return fail(context.unsupported("an output scale not far below the input's (the reference kernels refuse)",
                                        fmt::format("{} and {}", context.output().scale(), context.input(0).scale())));
    return codewise<Code>(count, [toOutput, toReluish, inputZero = context.input(0).zeroPoint(), outputZero = context.output().zeroPoint()](std::int32_t code) {
        const auto fine = static_cast<std::int16_t>((code - inputZero) * 128);
        const std::int16_t onOutputScale = fixed_point::saturatingRoundingDoublingHighMul(fine, toOutput.mantissa);
        std::int16_t reluish = fine;
        if (toReluish.exponent > 0)
            reluish = saturatingShiftLeft(reluish, toReluish.exponent - 1);
        reluish = fixed_point::saturatingRoundingDoublingHighMul(reluish, toReluish.mantissa);
        if (toReluish.exponent > 0)
            reluish = saturatingShiftLeft(reluish, 1);
        else if (toReluish.exponent < 0)
            reluish = fixed_point::roundingDivideByPowerOfTwo(reluish, -toReluish.exponent);
        const auto share = static_cast<std::int16_t>((reluish + (1 << 15)) >> 1); // from [-1, 1] to [0, 1]
        const std::int16_t product = truncatingDoublingHighMul(share, onOutputScale);
        const std::int16_t steps = fixed_point::roundingDivideByPowerOfTwo(product, -toOutput.exponent);
        return std::int32_t{fixed_point::saturate<Code>(static_cast<std::int16_t>(steps + outputZero))};
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, [](float x) { return x * std::min(6.0f, std::max(0.0f, x + 3.0f)) / 6.0f; });
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, count);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, count);
    default: return fail(context.unsupported("float32, int8 or uint8", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel hard_swish_kernel{"HARD_SWISH", prepare, kFloat32 | kInt8 | kUInt8};

} // namespace quantloupe
