// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32 | kInt8 | kInt16;

/// Unlike in tables, what is left of a step is cut off.
template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count)
{
    QL_CHECK(requireScales(context));
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    return codewise<Code>(count, [inputScale = input.scale(), inputZero = input.zeroPoint(), outputScale = output.scale(), outputZero = output.zeroPoint()](std::int32_t code) {
        const float real = std::sqrt(inputScale * static_cast<float>(std::max(code - inputZero, 0)));
        return std::int32_t{fixed_point::saturate<Code>(static_cast<std::int64_t>(std::min(real / outputScale, 1e9f)) + outputZero)};
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    if (context.input(0).type() == DataType::Int8)
        return prepareQuantized<std::int8_t>(context, count);
    if (context.input(0).type() == DataType::Int16)
        return prepareQuantized<std::int16_t>(context, count);
    return prepareRealFunction(context, kTypes, [](float x) { return std::sqrt(x); });
}

} // namespace

extern const OperatorKernel sqrt_kernel{"SQRT", prepare, kTypes};

} // namespace quantloupe
