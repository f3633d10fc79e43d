// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

namespace quantloupe {
namespace {

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count)
{
    QL_CHECK(requireScales(context));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const bool rescales = input.scale() != output.scale();
    const auto multiplier = fixed_point::multiplierOf(scaleQuotient(context, input.scale(), output.scale()));
    return codewise<Code>(count, [rescales, multiplier, inputZero = input.zeroPoint(), outputZero = output.zeroPoint()](std::int32_t code) {
        const std::int32_t magnitude = std::abs(code - inputZero);
        const std::int64_t steps = rescales ? fixed_point::multiply(magnitude, multiplier) : magnitude;
        return std::int32_t{fixed_point::saturate<Code>(steps + outputZero)};
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, [](float x) { return std::abs(x); });
    case DataType::Int32:
        return pointwise<std::int32_t, std::int32_t>(count, [](std::int32_t x) { return static_cast<std::int32_t>(x < 0 ? 0u - static_cast<std::uint32_t>(x) : static_cast<std::uint32_t>(x)); });
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, count);
    case DataType::Int16: return prepareQuantized<std::int16_t>(context, count);
    default: return fail(context.unsupported("float32, int8, int16 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel abs_kernel{"ABS", prepare, kFloat32 | kInt8 | kInt16 | kInt32};

} // namespace quantloupe
