// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/half.h"

#include <bit>
#include <cmath>

namespace quantloupe {

float halfToFloat(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000) << 16;
    const std::uint32_t exponent = half >> 10 & 0x1f;
    const std::uint32_t fraction = half & 0x3ff;
    if (exponent == 0) {
        const float magnitude = std::ldexp(static_cast<float>(fraction), -24);
        return sign != 0 ? -magnitude : magnitude;
    }
    const std::uint32_t wide = exponent == 0x1f ? 0xff : exponent + 127 - 15;
    return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

std::uint16_t floatToHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits >> 16 & 0x8000;
    const float magnitude = std::abs(value);
    if (std::isnan(value))
        return static_cast<std::uint16_t>(sign | 0x7e00);
    if (magnitude >= 65520.0f) // half way from the largest to the next power of two
        return static_cast<std::uint16_t>(sign | 0x7c00);
    if (magnitude < 0x1p-14f) // subnormal: whole steps of 2^-24, rounded by the addition of a float with that unit
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(magnitude + 0.5f) - std::bit_cast<std::uint32_t>(0.5f)));
    const std::uint32_t rebased = (bits & 0x7fffffff) - (std::uint32_t{127 - 15} << 23);
    const std::uint32_t isOdd = rebased >> 13 & 1;
    return static_cast<std::uint16_t>(sign | (rebased + 0xfff + isOdd) >> 13);
}

} // namespace quantloupe
