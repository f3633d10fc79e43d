// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operands for the tests of vector code, and what becomes of a sum by plain arithmetic.
#pragma once

#include "kernels/simd/channel_table.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace quantloupe::simd::test {

using Random = std::mt19937; // with fixed seeds: a test says one thing every time

inline std::int64_t between(Random &random, std::int64_t low, std::int64_t high)
{
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

template <typename T> std::vector<T> integers(Random &random, std::size_t count, std::int64_t low, std::int64_t high)
{
    std::vector<T> values(count);
    for (T &value : values)
        value = static_cast<T>(between(random, low, high));
    return values;
}

inline std::vector<float> reals(Random &random, std::size_t count)
{
    std::vector<float> values(count);
    for (float &value : values)
        value = static_cast<float>(between(random, -1000, 1000)) / 500.0f;
    return values;
}

/// Factors below 2^(largestExponent + 1), down to those that leave nothing: from -1 on there are some that shift left.
inline CodeScaling scaling(Random &random, std::size_t columns, DataType type, CodeScaling::Rounding rounding, int largestExponent)
{
    const IntegerRange range = integerRange(type);
    CodeScaling result;
    result.rounding = rounding;
    result.type = type;
    result.zeroPoint = static_cast<std::int32_t>(between(random, -20, 20)) + (type == DataType::UInt8 ? 128 : 0);
    result.clamp = {static_cast<std::int32_t>(range.min), static_cast<std::int32_t>(range.max)};
    for (std::size_t c = 0; c < columns; ++c) {
        const double factor = std::ldexp(1.0 + static_cast<double>(between(random, 0, 999)) / 1000.0, static_cast<int>(between(random, largestExponent - 30, largestExponent)));
        result.factors.push_back(factor);
        result.multipliers.push_back(fixed_point::multiplierOf(factor));
    }
    return result;
}

inline std::int64_t expectedCode(const CodeScaling &scaling, std::size_t channel, std::int32_t sum)
{
    if (scaling.rounding == CodeScaling::Rounding::InDouble) {
        const double steps = std::round(static_cast<double>(sum) * scaling.factors[channel]) + scaling.zeroPoint;
        return scaling.clamp(static_cast<std::int32_t>(std::clamp(steps, -2147483648.0, 2147483647.0)));
    }
    return Requantizer{scaling.multipliers, scaling.zeroPoint, scaling.clamp}(sum, channel);
}

} // namespace quantloupe::simd::test
