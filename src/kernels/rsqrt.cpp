// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Codes below the zero point have no root.
template <typename Code> EvalFunction refusingNegatives(std::size_t count, std::int32_t zeroPoint, EvalFunction eval)
{
    return [count, zeroPoint, eval = std::move(eval)](EvalContext &run) {
        for (std::size_t sample = 0; sample < run.batch(); ++sample) {
            const Code *const in = run.input<Code>(0, sample);
            const auto found = std::find_if(in, in + count, [zeroPoint](Code code) { return code < zeroPoint; });
            if (found != in + count)
                return run.fail({ErrorCode::RuntimeFault, {.expected = fmt::format("codes of at least the zero point {}", zeroPoint), .got = fmt::format("{}", *found)}});
        }
        eval(run);
    };
}

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count)
{
    QL_CHECK(requireScales(context));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const auto multiplier = fixed_point::multiplierOf(1.0 / static_cast<double>(std::sqrt(input.scale()) * output.scale()));
    const auto code = [multiplier, inputZero = input.zeroPoint(), outputZero = output.zeroPoint()](std::int32_t x) -> std::int32_t {
        constexpr int kShift = 20; // keeps the root's fraction
        const std::int32_t value = x - inputZero;
        if (value <= 0)
            return std::numeric_limits<Code>::max();
        const fixed_point::Multiplier root = fixed_point::inverseSquareRoot(value, -1);
        const std::int32_t shifted = fixed_point::multiply(1, {root.mantissa, root.exponent + kShift});
        const std::int64_t steps = fixed_point::multiply(shifted, {multiplier.mantissa, multiplier.exponent - kShift});
        return fixed_point::saturate<Code>(steps + outputZero);
    };
    if constexpr (sizeof(Code) == 1)
        return refusingNegatives<Code>(count, input.zeroPoint(), tabulated<Code>(count, code));
    else
        return refusingNegatives<Code>(count, input.zeroPoint(), pointwise<Code, Code>(count, code));
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
        // The pole counts as the largest code, which drags the table's first step above 0 far up.
        return refusingNegatives<std::int16_t>(count, context.input(0).zeroPoint(),
                                               tabulatedInt16(context, count, [&, largest = context.output().scale() * static_cast<float>(32767 - context.output().zeroPoint())](float x) {
                                                   return x <= 0.0f ? largest : reciprocalRoot(x);
                                               }));
    default: return fail(context.unsupported("float32, int8 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel rsqrt_kernel{"RSQRT", prepare, kFloat32 | kInt8 | kInt16};

} // namespace quantloupe
