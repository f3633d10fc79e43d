// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/activation.h"
#include "kernels/fixed_point.h"
#include "kernels/kernel.h"

#include <vector>

namespace quantloupe {

/// From accumulators to codes of the output, one factor for all channels or one for each.
struct Requantizer {
    std::vector<fixed_point::Multiplier> multipliers; ///< one, or one per output channel
    std::int32_t zeroPoint = 0;
    CodeClamp clamp{};

    fixed_point::Multiplier multiplier(std::size_t channel) const { return multipliers[multipliers.size() == 1 ? 0 : channel]; }
    /// Accumulator is int32 or int64: each has its own rounding (fixed_point.h).
    template <typename Accumulator> std::int32_t operator()(Accumulator accumulator, std::size_t channel) const
    {
        // Sums as the reference's 32-bit arithmetic, which wraps.
        return clamp(static_cast<std::int32_t>(static_cast<std::uint32_t>(fixed_point::multiply(accumulator, multiplier(channel))) + static_cast<std::uint32_t>(zeroPoint)));
    }
};

/// factor = input scale * weight scale / output scale in double, per channel where the weights are.
/// Fails when the weights' scales are neither one nor `channels`, or the output's scale is 0.
Result<std::vector<double>> accumulatorFactors(const PrepareContext &context, const OperandDesc &input, const OperandDesc &weights, const OperandDesc &output,
                                               std::size_t channels);
Result<Requantizer> requantizer(const PrepareContext &context, const OperandDesc &input, const OperandDesc &weights, const OperandDesc &output, std::size_t channels);

/// Weights as int16 with their zero point taken off, in the order they are stored: int8, uint8 or int4.
Result<std::vector<std::int16_t>> centeredWeights(const PrepareContext &context, std::size_t input);
/// The bias as int64 (from int32 or int64); zeros when input `input` is left out.
Result<std::vector<std::int64_t>> integerBias(const PrepareContext &context, std::size_t input, std::size_t channels);
Result<std::vector<float>> floatBias(const PrepareContext &context, std::size_t input, std::size_t channels);

/// How wide the accumulator of an int16 activation operator is: int64 unless the bias is int32.
bool hasWideAccumulator(const PrepareContext &context, std::size_t biasInput);

} // namespace quantloupe
