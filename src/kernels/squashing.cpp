// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/squashing.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// TFLM's int8: fixed point on the input with 4 integer bits; beyond that range the result is the type's limit.
EvalFunction prepareFixedPoint(const PrepareContext &context, std::size_t count, const Squashing &function)
{
    constexpr int kInputBits = 4;
    const OperandDesc &input = context.input(0);
    const auto multiplier = fixed_point::multiplierOf(static_cast<double>(input.scale()) * static_cast<double>(1 << (31 - kInputBits)));
    const std::int32_t radius = fixed_point::inputRadius(kInputBits, multiplier.exponent);
    return tabulated<std::int8_t>(count, [&](std::int32_t code) -> std::int32_t {
        const std::int32_t centered = code - input.zeroPoint();
        if (centered <= -radius)
            return -128;
        if (centered >= radius)
            return 127;
        return fixed_point::saturate<std::int8_t>(function.fixedPointCode(fixed_point::multiply(centered, multiplier)));
    });
}

/// From the input's scale to the table's 1 / 12288: by shifts alone where the scale allows.
fixed_point::TableInput tableInput(float scale, int largestShift)
{
    if (const auto exponent = fixed_point::log2OfPowerOfTwo(scale); exponent && *exponent + 12 >= 0 && *exponent + 12 <= largestShift)
        return {3 << (*exponent + 12), 0};
    double multiplier = static_cast<double>(scale) * 4096.0 * 3.0;
    int shift = 0;
    while (multiplier <= 32767.0 / 2.0 && shift <= 30) {
        ++shift;
        multiplier *= 2.0;
    }
    // Scales above 2.7 overflow the reference's int16.
    return {static_cast<std::int16_t>(static_cast<std::int64_t>(std::min(multiplier, 1e15))), shift};
}

} // namespace

Result<EvalFunction> prepareSquashing(PrepareContext &context, const Squashing &function)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    const DataType type = context.input(0).type();
    if (type == DataType::Float32)
        return pointwise<float, float>(count, [f = function.real](float x) { return f(x); });
    if (type != DataType::Int8 && type != DataType::UInt8 && type != DataType::Int16)
        return fail(context.unsupported("float32, int8, uint8 or int16", context.typesText()));
    QL_CHECK(requireScales(context));
    if (type == DataType::UInt8)
        return tabulatedReal<std::uint8_t>(context, count, function.tableReal);
    if (type == DataType::Int16)
        return pointwise<std::int16_t, std::int16_t>(count, [f = function.int16Code, table = tableInput(context.input(0).scale(), function.largestTableShift)](std::int16_t code) {
            return f(code, table);
        });
    return context.traits().int8LogisticInFixedPoint ? prepareFixedPoint(context, count, function) : tabulatedReal<std::int8_t>(context, count, function.tableReal);
}

} // namespace quantloupe
