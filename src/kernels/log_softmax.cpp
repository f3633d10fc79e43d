// SPDX-License-Identifier: GPL-3.0-or-later
//
// LOG_SOFTMAX over the last axis: x - max - log(sum of exp(x - max)).
#include "kernels/exponential_sum.h"
#include "kernels/rows.h"

namespace quantloupe {
namespace {

EvalFunction prepareFloat(Rows rows)
{
    return forEachRow<float, float>(rows, [](const float *in, float *out, std::size_t depth) {
        const float largest = *std::max_element(in, in + depth);
        float sum = 0.0f;
        for (std::size_t c = 0; c < depth; ++c)
            sum += std::exp(in[c] - largest);
        const float log = std::log(sum);
        for (std::size_t c = 0; c < depth; ++c)
            out[c] = in[c] - largest - log;
    });
}

/// The output's quantization is fixed: scale 16 / 256, zero point the largest code.
template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, Rows rows)
{
    QL_TRY(const ExponentialSum exponentials, ExponentialSum::make(context, 1.0));
    // Back from Q5.26 to differences of codes.
    const auto back = fixed_point::multiplierOf(std::ldexp(1.0, 31 - exponentials.multiplier.exponent) / static_cast<double>(exponentials.multiplier.mantissa));
    return forEachRow<Code, Code>(rows, [exponentials, back](const Code *in, Code *out, std::size_t depth) {
        constexpr int kOutputBits = 4;
        constexpr std::int32_t kMin = std::numeric_limits<Code>::min();
        constexpr std::int32_t kZeroPoint = std::numeric_limits<Code>::max();
        const std::int32_t largest = *std::max_element(in, in + depth);
        const std::int32_t log = fixed_point::logOfAtLeastOne(static_cast<std::int32_t>(exponentials.sum(in, depth, largest)));
        // Differences that would leave Q5.26 once the logarithm is taken off count as the smallest result.
        const std::int32_t smallest = static_cast<std::int32_t>(static_cast<std::uint32_t>(log) + 0x80000000u);
        const std::int32_t lowest = std::max(exponentials.lowest - 1, fixed_point::multiply(smallest, back));
        for (std::size_t c = 0; c < depth; ++c) {
            const std::int32_t difference = in[c] - largest;
            if (difference <= lowest) {
                out[c] = static_cast<Code>(kMin);
                continue;
            }
            const auto real = static_cast<std::int32_t>(static_cast<std::uint32_t>(exponentials.scaled(difference)) - static_cast<std::uint32_t>(log));
            out[c] = fixed_point::saturate<Code>(fixed_point::roundingDivideByPowerOfTwo(real, 31 - ExponentialSum::kDifferenceBits - kOutputBits) + kZeroPoint);
        }
    });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Rows rows, Rows::make(context));
    const DataType type = context.input(0).type();
    if (context.output().type() != type)
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    switch (type) {
    case DataType::Float32: return prepareFloat(rows);
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, rows);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, rows);
    default: return fail(context.unsupported("float32, int8 or uint8", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel log_softmax_kernel{"LOG_SOFTMAX", prepare, kFloat32 | kInt8 | kUInt8};

} // namespace quantloupe
