// SPDX-License-Identifier: GPL-3.0-or-later
//
// How sums become codes, in the form that vectors read.
#pragma once

#include "base/data_type.h"
#include "kernels/activation.h"
#include "kernels/requantize.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace quantloupe::simd {

/// How sums of integer products become codes of the output.
struct CodeScaling {
    enum class Rounding { FixedPoint, InDouble }; ///< as Requantizer, or one rounding half away from zero of a product in double

    Rounding rounding = Rounding::FixedPoint;
    std::vector<fixed_point::Multiplier> multipliers; ///< one, or one a channel
    std::vector<double> factors;                      ///< for InDouble
    std::int32_t zeroPoint = 0;
    CodeClamp clamp{};
    DataType type = DataType::Int8; ///< of the codes: int8, uint8 or int16

    static CodeScaling of(const Requantizer &requantizer, DataType type);
};

/// What is added to each channel's sum of products, which wraps.
struct ChannelConstants {
    std::vector<std::int32_t> values; ///< bias - input offset * (sum of the channel's weights)
    bool areSumsSmall = false;        ///< no sum, whatever the input, reaches 2^30

    /// Weight k of channel c is weights[c * stride + k * step]; `largestInput` is what an operand reaches as it is multiplied.
    static ChannelConstants of(std::span<const std::int16_t> weights, std::size_t channels, std::size_t stride, std::size_t step, std::size_t depth, std::int32_t inputOffset,
                               std::span<const std::int64_t> bias, std::int64_t largestInput);
};

/// What the kernels read per lane, filled up to whole vectors. Lane i works for channel channelOf[i].
struct ChannelTable {
    CodeScaling::Rounding rounding = CodeScaling::Rounding::FixedPoint;
    DataType type = DataType::Int8;
    std::int32_t zeroPoint = 0;
    CodeClamp clamp{};
    bool hasLeftShift = false;
    bool isPlain = false; ///< small sums, and all channels shift right: `nudge` rounds without a look at what is cut off
    std::vector<std::int32_t> constant;
    std::vector<std::int32_t> mantissa;
    std::vector<std::int32_t> left;
    std::vector<std::int32_t> right;
    std::vector<std::int32_t> nudge; ///< half of what the right shift cuts off
    std::vector<double> factor;

    ChannelTable() = default;
    ChannelTable(const CodeScaling &scaling, const ChannelConstants &constants, std::span<const std::size_t> channelOf);
};

} // namespace quantloupe::simd
