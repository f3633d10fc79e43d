// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count, float alpha)
{
    QL_CHECK(requireScales(context));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const double slope = context.traits().multipliersInDouble ? static_cast<double>(input.scale()) * static_cast<double>(alpha) / static_cast<double>(output.scale())
                                                              : static_cast<double>(input.scale() * alpha / output.scale());
    if (!std::isfinite(slope))
        return fail(context.invalid("a finite alpha", fmt::format("{}", alpha)));
    const auto positive = fixed_point::multiplierOf(scaleQuotient(context, input.scale(), output.scale()));
    return codewise<Code>(count, [positive, negative = fixed_point::multiplierOf(slope), inputZero = input.zeroPoint(), outputZero = output.zeroPoint()](std::int32_t code) {
        const std::int32_t value = code - inputZero;
        const std::int64_t steps = fixed_point::multiply(value, value >= 0 ? positive : negative);
        return std::int32_t{fixed_point::saturate<Code>(steps + outputZero)};
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    const auto alpha = static_cast<float>(context.options().real("alpha"));
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, [alpha](float x) { return x > 0.0f ? x : x * alpha; });
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, count, alpha);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, count, alpha);
    case DataType::Int16: return prepareQuantized<std::int16_t>(context, count, alpha);
    default: return fail(context.unsupported("float32, int8, uint8 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel leaky_relu_kernel{"LEAKY_RELU", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
