// SPDX-License-Identifier: GPL-3.0-or-later
//
// DEQUANTIZE: codes to reals; float16 and int4 constants to float32.
#include "base/half.h"
#include "kernels/channel_scales.h"

namespace quantloupe {
namespace {

template <typename Code> Result<EvalFunction> prepareCodes(PrepareContext &context)
{
    const auto scalesOf = context.traits().dequantizesPerChannel ? channelScales : firstScale;
    QL_TRY(auto scales, scalesOf(context, context.input(0)));
    return [scales = std::move(scales)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const Code *const in = run.input<Code>(0, sample);
            float *const out = run.output<float>(0, sample);
            scales.forEachRun([&](std::size_t first, std::size_t count, double scale, std::int32_t zeroPoint) {
                for (std::size_t i = first; i < first + count; ++i)
                    out[i] = static_cast<float>(scale * (in[i] - zeroPoint));
            });
        });
    };
}

/// Constants only: two to a byte, the low half first.
Result<EvalFunction> prepareInt4(PrepareContext &context)
{
    if (!context.input(0).value)
        return fail(context.unsupported("int4 as a constant", "int4 computed at run time"));
    QL_TRY(auto scales, channelScales(context, context.input(0)));
    return [scales = std::move(scales)](EvalContext &run) {
        const auto *const in = run.input<std::uint8_t>(0);
        forEachSample(run, [&](std::size_t sample) {
            float *const out = run.output<float>(0, sample);
            scales.forEachRun([&](std::size_t first, std::size_t count, double scale, std::int32_t zeroPoint) {
                for (std::size_t i = first; i < first + count; ++i) {
                    const int nibble = i % 2 == 0 ? in[i / 2] & 0xf : in[i / 2] >> 4;
                    out[i] = static_cast<float>(scale * ((nibble ^ 8) - 8 - zeroPoint));
                }
            });
        });
    };
}

EvalFunction widened(std::size_t count)
{
    return [count](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const auto *const in = run.input<std::uint16_t>(0, sample);
            float *const out = run.output<float>(0, sample);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = halfToFloat(in[i]);
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    if (context.output().type() != DataType::Float32)
        return fail(context.unsupported("an output of float32", context.typesText()));
    context.setOutputShape(0, context.input(0).shape);
    switch (context.input(0).type()) {
    case DataType::Float16: return widened(static_cast<std::size_t>(context.input(0).elementCount()));
    case DataType::Int4: return prepareInt4(context);
    case DataType::Int8: return prepareCodes<std::int8_t>(context);
    case DataType::UInt8: return prepareCodes<std::uint8_t>(context);
    case DataType::Int16: return prepareCodes<std::int16_t>(context);
    default: return fail(context.typeError(0, "int8, uint8, int16, int4 or float16"));
    }
}

} // namespace

extern const OperatorKernel dequantize_kernel{"DEQUANTIZE", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
