// SPDX-License-Identifier: GPL-3.0-or-later
//
// QUANTIZE: from reals to codes, and from codes of one scale to codes of another.
#include "kernels/activation.h"
#include "kernels/channel_scales.h"
#include "kernels/fixed_point.h"
#include "kernels/simd/rounding.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename Code> Result<EvalFunction> prepareFromReal(PrepareContext &context)
{
    const OperandDesc &output = context.output();
    QL_TRY(auto scales, channelScales(context, output));
    return [scales = std::move(scales), clamp = codeClamp(Activation::None, output)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const float *const in = run.input<float>(0, sample);
            Code *const out = run.output<Code>(0, sample);
            scales.forEachRun([&](std::size_t first, std::size_t count, float scale, std::int32_t zeroPoint) { simd::quantize(in + first, count, scale, zeroPoint, clamp, out + first); });
        });
    };
}

template <typename From, typename To> Result<EvalFunction> prepareRequantized(PrepareContext &context)
{
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    if (!(input.scale() > 0.0f) || !(output.scale() > 0.0f))
        return fail(context.invalid("scales above 0", fmt::format("{} and {}", input.scale(), output.scale())));
    const auto multiplier = fixed_point::multiplierOf(static_cast<double>(input.scale()) / static_cast<double>(output.scale()));
    const CodeClamp clamp = codeClamp(Activation::None, output);
    return [=, zeroIn = static_cast<std::uint32_t>(input.zeroPoint()), zeroOut = static_cast<std::uint32_t>(output.zeroPoint()),
            count = static_cast<std::size_t>(input.elementCount())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const From *const in = run.input<From>(0, sample);
            To *const out = run.output<To>(0, sample);
            for (std::size_t i = 0; i < count; ++i) { // sums wrap
                const auto centred = static_cast<std::int32_t>(static_cast<std::uint32_t>(in[i]) - zeroIn);
                out[i] = static_cast<To>(clamp(static_cast<std::int32_t>(static_cast<std::uint32_t>(fixed_point::multiply(centred, multiplier)) + zeroOut)));
            }
        });
    };
}

template <typename From> Result<EvalFunction> prepareFromCodes(PrepareContext &context)
{
    switch (context.output().type()) {
    case DataType::Int8: return prepareRequantized<From, std::int8_t>(context);
    case DataType::UInt8: return prepareRequantized<From, std::uint8_t>(context);
    case DataType::Int16: return prepareRequantized<From, std::int16_t>(context);
    case DataType::Int32: return prepareRequantized<From, std::int32_t>(context);
    default: return fail(context.unsupported("an output of int8, uint8, int16 or int32", context.typesText()));
    }
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    context.setOutputShape(0, context.input(0).shape);
    switch (context.input(0).type()) {
    case DataType::Float32: break;
    case DataType::Int8: return prepareFromCodes<std::int8_t>(context);
    case DataType::UInt8: return prepareFromCodes<std::uint8_t>(context);
    case DataType::Int16: return prepareFromCodes<std::int16_t>(context);
    case DataType::Int32: return prepareFromCodes<std::int32_t>(context);
    default: return fail(context.typeError(0, "float32, int8, uint8, int16 or int32"));
    }
    switch (context.output().type()) {
    case DataType::Int8: return prepareFromReal<std::int8_t>(context);
    case DataType::UInt8: return prepareFromReal<std::uint8_t>(context);
    case DataType::Int16: return prepareFromReal<std::int16_t>(context);
    case DataType::Int32: return prepareFromReal<std::int32_t>(context);
    default: return fail(context.unsupported("an output of int8, uint8, int16 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel quantize_kernel{"QUANTIZE", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32};

} // namespace quantloupe
