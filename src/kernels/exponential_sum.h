// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"
#include "kernels/fixed_point.h"

namespace quantloupe {

/// exp(beta (x - max)) of a row of codes in fixed point: what SOFTMAX and LOG_SOFTMAX share.
struct ExponentialSum {
    static constexpr int kDifferenceBits = 5; ///< integer bits of scaled differences
    static constexpr int kSumBits = 12;       ///< integer bits of the sum

    fixed_point::Multiplier multiplier; ///< of differences of codes, to Q5.26
    std::int32_t lowest = 0;            ///< smaller differences count as 0

    static Result<ExponentialSum> make(const PrepareContext &context, double beta);

    std::int32_t scaled(std::int32_t difference) const
    {
        return fixed_point::saturatingRoundingDoublingHighMul(fixed_point::wrappingShiftLeft(difference, multiplier.exponent), multiplier.mantissa);
    }
    /// Q0.31
    std::int32_t exponential(std::int32_t difference) const { return fixed_point::expOnNegativeValues(scaled(difference), kDifferenceBits); }
    /// Q12.19; it wraps beyond 4096 full terms.
    template <typename Code> std::uint32_t sum(const Code *row, std::size_t depth, std::int32_t largest) const
    {
        std::uint32_t result = 0;
        for (std::size_t c = 0; c < depth; ++c)
            if (const std::int32_t difference = row[c] - largest; difference >= lowest)
                result += static_cast<std::uint32_t>(fixed_point::roundingDivideByPowerOfTwo(exponential(difference), kSumBits));
        return result;
    }
};

} // namespace quantloupe
