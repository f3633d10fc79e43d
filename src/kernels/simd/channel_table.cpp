// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/simd/channel_table.h"

#include "kernels/simd/packing.h"

#include <algorithm>
#include <cstdlib>

namespace quantloupe::simd {

CodeScaling CodeScaling::of(const Requantizer &requantizer, DataType type)
{
    CodeScaling scaling;
    scaling.multipliers = requantizer.multipliers;
    scaling.zeroPoint = requantizer.zeroPoint;
    scaling.clamp = requantizer.clamp;
    scaling.type = type;
    return scaling;
}

ChannelConstants ChannelConstants::of(std::span<const std::int16_t> weights, std::size_t channels, std::size_t stride, std::size_t step, std::size_t depth,
                                      std::int32_t inputOffset, std::span<const std::int64_t> bias, std::int64_t largestInput)
{
    ChannelConstants result;
    result.values.resize(channels);
    std::int64_t largest = 0;
    for (std::size_t c = 0; c < channels; ++c) {
        std::uint32_t total = 0;
        std::int64_t size = 0;
        for (std::size_t k = 0; k < depth; ++k) {
            const std::int32_t weight = weights[c * stride + k * step];
            total += static_cast<std::uint32_t>(weight);
            size += std::abs(weight);
        }
        result.values[c] = static_cast<std::int32_t>(static_cast<std::uint32_t>(bias[c]) - static_cast<std::uint32_t>(inputOffset) * total);
        largest = std::max(largest, size * largestInput + std::abs(std::int64_t{result.values[c]}));
    }
    result.areSumsSmall = largest < (std::int64_t{1} << 30);
    return result;
}

ChannelTable::ChannelTable(const CodeScaling &scaling, const ChannelConstants &constants, std::span<const std::size_t> channelOf)
    : rounding(scaling.rounding), type(scaling.type), zeroPoint(scaling.zeroPoint), clamp(scaling.clamp), isPlain(constants.areSumsSmall && scaling.rounding == CodeScaling::Rounding::FixedPoint)
{
    for (const std::size_t channel : channelOf) {
        constant.push_back(constants.values[channel]);
        if (rounding == CodeScaling::Rounding::InDouble) {
            factor.push_back(scaling.factors[scaling.factors.size() == 1 ? 0 : channel]);
            continue;
        }
        const fixed_point::Multiplier multiplier = scaling.multipliers[scaling.multipliers.size() == 1 ? 0 : channel];
        const std::int32_t shift = std::max(-multiplier.exponent, 0);
        mantissa.push_back(multiplier.mantissa);
        left.push_back(std::max(multiplier.exponent, 0));
        right.push_back(shift);
        nudge.push_back(shift > 0 ? std::int32_t{1} << (shift - 1) : 0);
        hasLeftShift |= multiplier.exponent > 0;
        isPlain &= shift >= 1 && shift <= 30;
    }
    const std::size_t size = roundedUp(channelOf.size(), lanes()) + lanes();
    for (auto *const column : {&constant, &mantissa, &left, &right, &nudge})
        column->resize(size);
    factor.resize(size);
}

} // namespace quantloupe::simd
