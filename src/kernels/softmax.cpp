// SPDX-License-Identifier: GPL-3.0-or-later
//
// SOFTMAX over the last axis: exp(beta (x - max)) / sum.
#include "kernels/exponential_sum.h"
#include "kernels/pointwise.h"
#include "kernels/rows.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

EvalFunction prepareFloat(Rows rows, float beta)
{
    return forEachRow<float, float>(rows, [beta](const float *in, float *out, std::size_t depth) {
        float largest = std::numeric_limits<float>::lowest();
        for (std::size_t c = 0; c < depth; ++c)
            largest = std::max(largest, in[c]);
        float sum = 0.0f;
        for (std::size_t c = 0; c < depth; ++c) {
            out[c] = std::exp((in[c] - largest) * beta);
            sum += out[c];
        }
        for (std::size_t c = 0; c < depth; ++c)
            out[c] = out[c] / sum;
    });
}

template <typename In, typename Out> Result<EvalFunction> prepareQuantized(PrepareContext &context, Rows rows, float beta)
{
    QL_TRY(const ExponentialSum exponentials, ExponentialSum::make(context, static_cast<double>(beta)));
    return forEachRow<In, Out>(rows, [exponentials](const In *in, Out *out, std::size_t depth) {
        const std::int32_t largest = *std::max_element(in, in + depth);
        const fixed_point::Reciprocal reciprocal = fixed_point::reciprocal(exponentials.sum(in, depth, largest), ExponentialSum::kSumBits);
        const int shift = std::clamp(reciprocal.bitsOverUnit + 31 - static_cast<int>(sizeof(Out)) * 8, 0, 31);
        constexpr std::int32_t kMin = std::numeric_limits<Out>::min();
        for (std::size_t c = 0; c < depth; ++c) {
            const std::int32_t difference = in[c] - largest;
            if (difference < exponentials.lowest) {
                out[c] = static_cast<Out>(kMin);
                continue;
            }
            const std::int32_t share = fixed_point::saturatingRoundingDoublingHighMul(reciprocal.value, exponentials.exponential(difference));
            out[c] = fixed_point::saturate<Out>(fixed_point::roundingDivideByPowerOfTwo(share, shift) + kMin);
        }
    });
}

struct Tables {
    std::shared_ptr<const Int16Table> exponentials; ///< over [-10, 0]
    std::shared_ptr<const Int16Table> reciprocals;  ///< 1 / (1 + x) over [0, 1]
};

template <typename Real> Tables tables()
{
    constexpr Real kOne{1};
    return {std::make_shared<const Int16Table>([](Real x) { return std::exp(x); }, Real{-10}, Real{0}, -kOne, kOne),
            std::make_shared<const Int16Table>([](Real x) { return kOne / (kOne + x); }, Real{0}, kOne, -kOne, kOne)};
}

/// int16: exp and 1 / (1 + x) by interpolated tables.
Result<EvalFunction> prepareInt16(PrepareContext &context, Rows rows, float beta)
{
    const OperandDesc &input = context.input(0);
    const double scaleBeta = context.traits().multipliersInDouble ? static_cast<double>(input.scale()) * static_cast<double>(beta) : static_cast<double>(input.scale() * beta);
    const double factor = scaleBeta / (10.0 / 65535.0); // all codes span 10: exp(-10) counts as 0
    if (!(factor > 0.0) || !std::isfinite(factor))
        return fail(context.invalid("beta and an input scale above 0", fmt::format("{} and {}", beta, input.scale())));
    const fixed_point::Multiplier multiplier = fixed_point::multiplierOf(factor);
    const auto [exponentials, reciprocals] = context.traits().softmaxTablesInDouble ? tables<double>() : tables<float>();
    return forEachRow<std::int16_t, std::int16_t>(rows, [multiplier, exponentials = exponentials, reciprocals = reciprocals](const std::int16_t *in, std::int16_t *out, std::size_t depth) {
        const std::int32_t largest = *std::max_element(in, in + depth);
        std::int32_t sum = 0;
        for (std::size_t c = 0; c < depth; ++c) {
            const std::int64_t scaled = fixed_point::multiply(in[c] - largest, multiplier);
            out[c] = (*exponentials)(fixed_point::saturate<std::int16_t>(scaled + 32767));
            sum += out[c];
        }
        const int headroom = fixed_point::countLeadingZeros(static_cast<std::uint32_t>(sum));
        const auto normalized = static_cast<std::int32_t>(((static_cast<std::int64_t>(sum) << (headroom - 1)) + (1 << 13)) >> 14);
        const std::int32_t reciprocal = (*reciprocals)(fixed_point::saturate<std::int16_t>(normalized - (1 << 15) - (1 << 16)));
        const int shift = 31 - headroom;
        for (std::size_t c = 0; c < depth; ++c) {
            const std::int64_t product = static_cast<std::int64_t>(out[c]) * reciprocal + (std::int64_t{1} << (shift - 1));
            out[c] = static_cast<std::int16_t>(std::clamp<std::int64_t>(product >> shift, 0, 32767));
        }
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Rows rows, Rows::make(context));
    const auto beta = static_cast<float>(context.options().real("beta"));
    const DataType in = context.input(0).type();
    const DataType out = context.output().type();
    if (in == DataType::Float32 && out == DataType::Float32)
        return prepareFloat(rows, beta);
    if (in == DataType::Int8 && out == DataType::Int8)
        return prepareQuantized<std::int8_t, std::int8_t>(context, rows, beta);
    if (in == DataType::Int8 && out == DataType::Int16)
        return prepareQuantized<std::int8_t, std::int16_t>(context, rows, beta);
    if (in == DataType::UInt8 && out == DataType::UInt8)
        return prepareQuantized<std::uint8_t, std::uint8_t>(context, rows, beta);
    if (in == DataType::UInt8 && out == DataType::Int16)
        return prepareQuantized<std::uint8_t, std::int16_t>(context, rows, beta);
    if (in == DataType::Int16 && out == DataType::Int16)
        return prepareInt16(context, rows, beta);
    return fail(context.unsupported("float32, int8, uint8, int8 -> int16 or int16", context.typesText()));
}

} // namespace

extern const OperatorKernel softmax_kernel{"SOFTMAX", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
