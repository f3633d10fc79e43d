// SPDX-License-Identifier: GPL-3.0-or-later
//
// PRELU: input, and a slope for negative values that is broadcast to the input's shape.
#include "kernels/binary.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Alpha is the type the reference reads the slopes as.
template <typename Code, typename Alpha = Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, const Broadcast &plan)
{
    const OperandDesc &input = context.input(0);
    const OperandDesc &alpha = context.input(1);
    const OperandDesc &output = context.output();
    const auto product = [&](auto one) { // in the precision of `one`
        using Real = decltype(one);
        return static_cast<double>(static_cast<Real>(input.scale()) * static_cast<Real>(alpha.scale()) / static_cast<Real>(output.scale()));
    };
    const bool inDouble = context.traits().multipliersInDouble;
    const double identity = inDouble ? static_cast<double>(input.scale()) / static_cast<double>(output.scale()) : static_cast<double>(input.scale() / output.scale());
    const double slope = inDouble ? product(1.0) : product(1.0f);
    if (!std::isfinite(identity) || !std::isfinite(slope) || identity < 0.0 || slope < 0.0)
        return fail(context.invalid("scales above 0", fmt::format("input scale {}, alpha scale {}, output scale {}", input.scale(), alpha.scale(), output.scale())));
    return [plan, positive = fixed_point::multiplierOf(identity), negative = fixed_point::multiplierOf(slope), inputZero = input.zeroPoint(), alphaZero = alpha.zeroPoint(),
            outputZero = output.zeroPoint()](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const Code *const in = run.input<Code>(0, sample);
            const Alpha *const slopes = run.input<Alpha>(1, sample);
            Code *const out = run.output<Code>(0, sample);
            plan.forEach([&](std::size_t o, std::size_t i, std::size_t j) {
                const std::int32_t value = in[i] - inputZero;
                const std::int64_t steps = value >= 0 ? fixed_point::multiply(value, positive) : fixed_point::multiply(value * (slopes[j] - alphaZero), negative);
                out[o] = fixed_point::saturate<Code>(steps + outputZero);
            });
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const DataType input = context.input(0).type();
    const DataType alpha = context.input(1).type();
    if (alpha != input && !(input == DataType::Int16 && alpha == DataType::Int8))
        return fail(context.unsupported("an alpha of the input's type", context.typesText()));
    QL_TRY(const Broadcast plan, Broadcast::make(context, context.input(0).shape, context.input(1).shape));
    context.setOutputShape(0, plan.shape());
    if (plan.shape() != context.input(0).shape)
        return fail(context.invalid("an alpha that broadcasts to the input's shape", fmt::format("{} and {}", context.input(0).shape.text(), context.input(1).shape.text())));
    if (context.output().type() != input)
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    switch (input) {
    case DataType::Float32: return elementwise<float, float>(plan, [](float x, float slope) { return x >= 0.0f ? x : x * slope; });
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, plan);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, plan);
    case DataType::Int16: return prepareQuantized<std::int16_t, std::int8_t>(context, plan); // reads int16 slopes as int8 bytes, too
    default: return fail(context.unsupported("float32, int8, uint8 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel prelu_kernel{"PRELU", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
