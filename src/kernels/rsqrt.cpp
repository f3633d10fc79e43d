// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Codes below the zero point have no root.
template <typename Code> EvalFunction refusingNegatives(std::size_t count, std::int32_t zeroPoint, EvalFunction eval)
{
    return requiringEvery<Code>(0, count, fmt::format("codes of at least the zero point {}", zeroPoint), [zeroPoint](Code code) { return code >= zeroPoint; }, std::move(eval));
}

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count)
{
    QL_CHECK(requireScales(context));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const double root = context.traits().multipliersInDouble ? std::sqrt(static_cast<double>(input.scale())) * static_cast<double>(output.scale())
                                                             : static_cast<double>(std::sqrt(input.scale()) * output.scale());
    const auto multiplier = fixed_point::multiplierOf(1.0 / root);
    const auto code = [multiplier, inputZero = input.zeroPoint(), outputZero = output.zeroPoint()](std::int32_t x) -> std::int32_t {
        constexpr int kShift = 20; // keeps the root's fraction
        const std::int32_t value = x - inputZero;
        if (value <= 0)
            return std::numeric_limits<Code>::max();
        const fixed_point::Multiplier inverse = fixed_point::inverseSquareRoot(value, -1);
        const std::int32_t shifted = fixed_point::multiply(1, {inverse.mantissa, inverse.exponent + kShift});
        const std::int64_t steps = fixed_point::multiplyBeyondRange(shifted, {multiplier.mantissa, multiplier.exponent - kShift});
        return fixed_point::saturate<Code>(steps + outputZero);
    };
    return refusingNegatives<Code>(count, input.zeroPoint(), codewise<Code>(count, code));
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    const auto reciprocalRoot = [](float x) { return 1.0f / std::sqrt(x); };
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, reciprocalRoot);
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, count);
    case DataType::Int16:
        if (!context.traits().int16RsqrtByTable)
            return prepareQuantized<std::int16_t>(context, count);
        QL_CHECK(requireScales(context));
        return refusingNegatives<std::int16_t>(count, context.input(0).zeroPoint(), tabulatedInt16WithPole(context, count, 32767, reciprocalRoot));
    default: return fail(context.unsupported("float32, int8 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel rsqrt_kernel{"RSQRT", prepare, kFloat32 | kInt8 | kInt16};

} // namespace quantloupe
