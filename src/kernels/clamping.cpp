// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/clamping.h"

namespace quantloupe {
namespace {

struct Limits {
    std::int32_t low;
    std::int32_t high;
};

/// The code of a real limit; infinite ones become the type's limits.
template <typename Code> Limits limits(const OperandDesc &quantization, float min, float max)
{
    constexpr double kMin = std::numeric_limits<Code>::min();
    constexpr double kMax = std::numeric_limits<Code>::max();
    const auto code = [&](float real) {
        const double steps = std::round(static_cast<double>(real / quantization.scale())); // the division is in float
        return static_cast<std::int32_t>(std::clamp(steps + quantization.zeroPoint(), kMin, kMax));
    };
    return {code(min), code(max)};
}

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count, float min, float max, bool rescales)
{
    QL_CHECK(requireScales(context));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    if (!rescales)
        return codewise<Code>(count, [clamp = limits<Code>(input, min, max)](std::int32_t x) { return std::min(std::max(x, clamp.low), clamp.high); });
    const double factor = scaleQuotient(context, input.scale(), output.scale());
    return codewise<Code>(count, [clamp = limits<Code>(output, min, max), multiplier = fixed_point::multiplierOf(factor), inputZero = input.zeroPoint(),
                               outputZero = output.zeroPoint()](std::int32_t x) {
        const std::int64_t steps = std::int64_t{fixed_point::multiply(x - inputZero, multiplier)} + outputZero;
        return static_cast<std::int32_t>(std::min<std::int64_t>(std::max<std::int64_t>(steps, clamp.low), clamp.high));
    });
}

} // namespace

Result<EvalFunction> prepareClamping(PrepareContext &context, float min, float max, bool rescales)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, [min, max](float x) { return x < min ? min : x > max ? max : x; });
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, count, min, max, rescales);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, count, min, max, rescales);
    case DataType::Int16: return prepareQuantized<std::int16_t>(context, count, min, max, rescales);
    default: return fail(context.unsupported("float32, int8, uint8 or int16", context.typesText()));
    }
}

} // namespace quantloupe
