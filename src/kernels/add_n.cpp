// SPDX-License-Identifier: GPL-3.0-or-later
//
// ADD_N: the sum of any number of inputs of one shape.
#include "kernels/fixed_point.h"
#include "kernels/kernel.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename T, typename Sum> EvalFunction prepareSum(std::size_t inputs, std::size_t count)
{
    return [inputs, count](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            T *const out = run.output<T>(0, sample);
            for (std::size_t i = 0; i < count; ++i) {
                Sum sum = 0;
                for (std::size_t input = 0; input < inputs; ++input)
                    sum += static_cast<Sum>(run.input<T>(input, sample)[i]);
                out[i] = static_cast<T>(sum);
            }
        });
    };
}

/// As ADD: inputs shifted left by 20 and halved, so that two of them cannot overflow.
Result<EvalFunction> prepareQuantized(PrepareContext &context, std::size_t count)
{
    constexpr int kLeftShift = 20;
    const OperandDesc &first = context.input(0);
    const OperandDesc &output = context.output();
    const std::size_t inputs = context.inputCount();
    for (std::size_t i = 1; i < inputs; ++i)
        if (context.input(i).scale() != first.scale() || context.input(i).zeroPoint() != first.zeroPoint())
            return fail(context.unsupported("inputs of one quantization", fmt::format("scale {} at input 0, {} at input {}", first.scale(), context.input(i).scale(), i)));
    const double factor = 2.0 * static_cast<double>(first.scale()) / (static_cast<double>(1 << kLeftShift) * static_cast<double>(output.scale()));
    if (!(factor > 0.0 && factor < 1.0))
        return fail(context.unsupported("scales above 0 (the reference kernels abort)", fmt::format("input scale {}, output scale {}", first.scale(), output.scale())));
    return [inputs, count, half = fixed_point::multiplierOf(0.5), multiplier = fixed_point::multiplierOf(factor), inputZero = first.zeroPoint(),
            outputZero = output.zeroPoint()](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            std::int8_t *const out = run.output<std::int8_t>(0, sample);
            for (std::size_t i = 0; i < count; ++i) {
                const auto term = [&](std::int32_t code) {
                    return static_cast<std::uint32_t>(fixed_point::multiply(fixed_point::wrappingShiftLeft(code - inputZero, kLeftShift), half));
                };
                std::uint32_t sum = term(0); // the reference starts with the code 0, which is no real 0; sums wrap
                for (std::size_t input = 0; input < inputs; ++input)
                    sum += term(run.input<std::int8_t>(input, sample)[i]);
                out[i] = fixed_point::saturate<std::int8_t>(std::int64_t{fixed_point::multiply(static_cast<std::int32_t>(sum), multiplier)} + outputZero);
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(context.inputCount(), context.inputCount(), 1));
    if (context.inputCount() < 2)
        return fail(context.invalid("at least 2 inputs", fmt::format("{}", context.inputCount())));
    const DataType type = context.output().type();
    for (std::size_t i = 0; i < context.inputCount(); ++i) {
        if (context.input(i).type() != type)
            return fail(context.unsupported("inputs of the output's type", context.typesText()));
        if (context.input(i).shape != context.input(0).shape)
            return fail(context.invalid("inputs of one shape", fmt::format("{} and {}", context.input(0).shape.text(), context.input(i).shape.text())));
    }
    context.setOutputShape(0, context.input(0).shape);
    const auto count = static_cast<std::size_t>(context.input(0).elementCount());
    switch (type) {
    case DataType::Float32: return prepareSum<float, float>(context.inputCount(), count);
    case DataType::Int32: return prepareSum<std::int32_t, std::uint32_t>(context.inputCount(), count);
    case DataType::Int8: return prepareQuantized(context, count);
    default: return fail(context.unsupported("float32, int8 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel add_n_kernel{"ADD_N", prepare, kFloat32 | kInt8 | kInt32};

} // namespace quantloupe
