// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/hybrid.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe::hybrid {

Scaling quantizeAsymmetric(const ProfileTraits &traits, const float *values, std::size_t count, std::int8_t *codes)
{
    constexpr double kMin = -128.0;
    constexpr double kMax = 127.0;
    if (count == 0)
        return {};
    const auto [low, high] = std::minmax_element(values, values + count);
    const double realMin = std::min(0.0, static_cast<double>(*low));
    const double realMax = std::max(0.0, static_cast<double>(*high));
    if (realMin == realMax) {
        std::fill_n(codes, count, std::int8_t{0});
        return {};
    }
    const double scale = (realMax - realMin) / (kMax - kMin);
    // Of the two ways to place the zero point the one with the smaller rounding error.
    const double fromMin = kMin - realMin / scale;
    const double fromMax = kMax - realMax / scale;
    const double errorOfMin = std::abs(kMin) + std::abs(realMin / scale);
    const double errorOfMax = std::abs(kMax) + std::abs(realMax / scale);
    const double zeroPoint = errorOfMin < errorOfMax ? fromMin : fromMax;
    const Scaling scaling{static_cast<float>(scale), static_cast<std::int32_t>(std::round(std::clamp(zeroPoint, kMin, kMax)))};
    const float inverse = 1.0f / scaling.scale;
    for (std::size_t i = 0; i < count; ++i) {
        const auto zero = static_cast<float>(scaling.zeroPoint);
        const float steps = values[i] * inverse;
        const float code = traits.hybridRoundsBeforeZeroPoint ? zero + std::round(steps) : std::round(zero + steps);
        codes[i] = static_cast<std::int8_t>(std::clamp(code, -128.0f, 127.0f));
    }
    return scaling;
}

Scaling quantizeSymmetric(const float *values, std::size_t count, std::int8_t *codes)
{
    float range = 0.0f;
    for (std::size_t i = 0; i < count; ++i)
        range = std::max(range, std::abs(values[i]));
    if (range == 0.0f) {
        std::fill_n(codes, count, std::int8_t{0});
        return {};
    }
    const float inverse = 127.0f / range;
    for (std::size_t i = 0; i < count; ++i)
        codes[i] = static_cast<std::int8_t>(std::clamp(std::round(values[i] * inverse), -127.0f, 127.0f));
    return {range / 127.0f, 0};
}

Result<std::vector<float>> weightScales(const PrepareContext &context, std::size_t input, std::size_t channels)
{
    const auto &scales = context.input(input).quant().scales;
    if (scales.size() == channels)
        return scales;
    if (scales.size() != 1)
        return fail(context.invalid(fmt::format("1 or {} weight scales", channels), fmt::format("{}", scales.size())));
    return std::vector<float>(channels, scales.front());
}

} // namespace quantloupe::hybrid
