// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/packing.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/packing.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

std::size_t LaneCount() { return hwy::HWY_NAMESPACE::Lanes(hwy::HWY_NAMESPACE::ScalableTag<float>()); }

bool HasByteProducts()
{
#if HWY_TARGET == HWY_AVX3
    return __builtin_cpu_supports("avx512vnni") != 0;
#else
    return false;
#endif
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

HWY_EXPORT(LaneCount);
HWY_EXPORT(HasByteProducts);

std::size_t lanes()
{
    return HWY_DYNAMIC_DISPATCH(LaneCount)();
}

bool hasByteProducts()
{
    return HWY_DYNAMIC_DISPATCH(HasByteProducts)();
}

PanelShape PanelShape::of(std::size_t columnsLeft, std::size_t group, bool hasHalves)
{
    const std::size_t vector = lanes();
    if (columnsLeft > vector)
        return {2 * vector, group};
    if (hasHalves && columnsLeft <= vector / 2)
        return {vector / 2, 2 * group};
    return {vector, group};
}

std::vector<std::size_t> panelChannels(std::size_t columns, bool hasHalves)
{
    const std::size_t vector = lanes();
    const std::size_t first = columns / (2 * vector) * 2 * vector; // of the last panel
    const std::size_t width = PanelShape::of(columns - first, 1, hasHalves).width;
    std::vector<std::size_t> channels;
    for (std::size_t i = 0; i < roundedUp(columns, vector); ++i)
        channels.push_back(std::min(width < vector && i >= first ? first + (i - first) % width : i, columns - 1));
    return channels;
}

std::vector<float> spread(std::span<const float> values, std::span<const std::size_t> channelOf)
{
    std::vector<float> result;
    for (const std::size_t channel : channelOf)
        result.push_back(values[channel]);
    result.resize(result.size() + 2 * lanes());
    return result;
}

} // namespace quantloupe::simd

#endif
