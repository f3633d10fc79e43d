// SPDX-License-Identifier: GPL-3.0-or-later
//
// NumericVerify, the custom operator TensorFlow's debug models attach to every quantized tensor: dequantized - float.
#include "kernels/kernel.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename Code> EvalFunction prepareDifference(const OperandDesc &quantized)
{
    return [count = static_cast<std::size_t>(quantized.elementCount()), scale = quantized.scale(), zeroPoint = quantized.zeroPoint()](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const Code *const codes = run.input<Code>(0, sample);
            const float *const reference = run.input<float>(1, sample);
            float *const out = run.output<float>(0, sample);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = static_cast<float>(static_cast<double>(scale) * (codes[i] - zeroPoint)) - reference[i];
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const OperandDesc &quantized = context.input(0);
    if (context.input(1).type() != DataType::Float32 || context.output().type() != DataType::Float32)
        return fail(context.unsupported("a float32 reference and result", context.typesText()));
    if (quantized.elementCount() != context.input(1).elementCount())
        return fail(context.invalid("a reference of the quantized tensor's shape", fmt::format("{} and {}", quantized.shape.text(), context.input(1).shape.text())));
    context.setOutputShape(0, quantized.shape);
    switch (quantized.type()) {
    case DataType::Int8: return prepareDifference<std::int8_t>(quantized);
    case DataType::UInt8: return prepareDifference<std::uint8_t>(quantized);
    case DataType::Int16: return prepareDifference<std::int16_t>(quantized);
    default: return fail(context.typeError(0, "int8, uint8 or int16"));
    }
}

} // namespace

extern const OperatorKernel numeric_verify_kernel{"NumericVerify", prepare, kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
