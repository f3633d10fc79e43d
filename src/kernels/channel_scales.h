// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

#include <vector>

namespace quantloupe {

/// The scales and zero points of a tensor's elements: one for all, or one per index of its quantized axis.
struct ChannelScales {
    std::vector<float> scales;
    std::vector<std::int32_t> zeroPoints;
    std::size_t runLength = 0; ///< neighbours that share a scale
    std::size_t elements = 0;

    /// f(first, count, scale, zeroPoint) for every run of elements that share a scale, in order.
    template <typename F> void forEachRun(F &&f) const
    {
        std::size_t channel = 0;
        for (std::size_t first = 0; first < elements; first += runLength) {
            f(first, runLength, scales[channel], zeroPoints[channel]);
            channel = channel + 1 == scales.size() ? 0 : channel + 1;
        }
    }
};

/// Those of an operand that has the shape of input 0. Fails on scales that are not above 0, and on a number of them that does not fit the axis.
Result<ChannelScales> channelScales(const PrepareContext &context, const OperandDesc &operand);
/// The first scale for all elements.
Result<ChannelScales> firstScale(const PrepareContext &context, const OperandDesc &operand);

} // namespace quantloupe
