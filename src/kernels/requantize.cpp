// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/requantize.h"

#include <fmt/format.h>

namespace quantloupe {

Result<std::vector<double>> accumulatorFactors(const PrepareContext &context, const OperandDesc &input, const OperandDesc &weights, const OperandDesc &output,
                                               std::size_t channels)
{
    const auto &scales = weights.quant().scales;
    if (scales.empty() || (scales.size() != 1 && scales.size() != channels))
        return fail(context.invalid(fmt::format("1 or {} weight scales", channels), fmt::format("{}", scales.size())));
    if (!(output.scale() > 0.0f))
        return fail(context.invalid("an output scale above 0", fmt::format("{}", output.scale())));
    std::vector<double> factors;
    factors.reserve(scales.size());
    for (const float scale : scales)
        factors.push_back(static_cast<double>(input.scale()) * static_cast<double>(scale) / static_cast<double>(output.scale()));
    return factors;
}

Result<Requantizer> requantizer(const PrepareContext &context, const OperandDesc &input, const OperandDesc &weights, const OperandDesc &output, std::size_t channels)
{
    QL_TRY(const auto factors, accumulatorFactors(context, input, weights, output, channels));
    Requantizer result;
    for (const double factor : factors)
        result.multipliers.push_back(fixed_point::multiplierOf(factor));
    result.zeroPoint = output.zeroPoint();
    result.clamp = codeClamp(fusedActivation(context), output);
    return result;
}

Result<std::vector<std::int16_t>> centeredWeights(const PrepareContext &context, std::size_t input)
{
    const OperandDesc &weights = context.input(input);
    if (!weights.value)
        return fail(ErrorCode::ValueUnknown, {.place = weights.tensor->name});
    const auto count = static_cast<std::size_t>(weights.elementCount());
    // Per-channel weights are symmetric: the reference ignores their zero points, which are 0.
    const auto zeroPoint = static_cast<std::int16_t>(weights.quant().isPerChannel() ? 0 : weights.zeroPoint());
    std::vector<std::int16_t> result(count);
    const auto fill = [&](const auto *values) {
        for (std::size_t i = 0; i < count; ++i)
            result[i] = static_cast<std::int16_t>(values[i] - zeroPoint);
    };
    if (weights.type() == DataType::Int8) {
        fill(reinterpret_cast<const std::int8_t *>(weights.value));
    } else if (weights.type() == DataType::UInt8) {
        fill(reinterpret_cast<const std::uint8_t *>(weights.value));
    } else if (weights.type() == DataType::Int4) {
        for (std::size_t i = 0; i < count; ++i) { // two to a byte, the low half first
            const auto byte = static_cast<std::uint8_t>(weights.value[i / 2]);
            const auto nibble = static_cast<std::int16_t>(i % 2 == 0 ? byte & 0xf : byte >> 4);
            result[i] = static_cast<std::int16_t>((nibble ^ 8) - 8 - zeroPoint);
        }
    } else {
        return fail(context.typeError(input, "int8, uint8 or int4 weights"));
    }
    return result;
}

Result<std::vector<std::int64_t>> integerBias(const PrepareContext &context, std::size_t input, std::size_t channels)
{
    if (!context.hasInput(input))
        return std::vector<std::int64_t>(channels, 0);
    if (context.input(input).type() != DataType::Int32 && context.input(input).type() != DataType::Int64)
        return fail(context.typeError(input, "int32 or int64"));
    QL_TRY(auto bias, context.integers(input));
    if (bias.size() != channels)
        return fail(context.invalid(fmt::format("a bias of {} elements", channels), fmt::format("{}", bias.size())));
    return bias;
}

Result<std::vector<float>> floatBias(const PrepareContext &context, std::size_t input, std::size_t channels)
{
    if (!context.hasInput(input))
        return std::vector<float>(channels, 0.0f);
    QL_TRY(const auto bias, context.values<float>(input));
    if (bias.size() != channels)
        return fail(context.invalid(fmt::format("a bias of {} elements", channels), fmt::format("{}", bias.size())));
    return std::vector<float>(bias.begin(), bias.end());
}

bool hasWideAccumulator(const PrepareContext &context, std::size_t biasInput)
{
    // LiteRT asks the operator's option (2 is INT32 in the schema), TFLM the bias tensor.
    if (context.traits().biasTypeFromTensor)
        return !context.hasInput(biasInput) || context.input(biasInput).type() == DataType::Int64;
    return context.options().integer("quantized_bias_type") != static_cast<std::int64_t>(DataType::Int32);
}

} // namespace quantloupe
