// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/error_pass.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantloupe {

void GrowingHistogram::add(double value)
{
    constexpr int kMaxExponent = 60;
    if (!std::isfinite(value)) {
        ++m_beyond;
        return;
    }
    double bin = std::floor(std::ldexp(value, -m_exponent));
    while (bin < -kBinsPerSide || bin >= kBinsPerSide) {
        if (m_exponent == kMaxExponent) {
            ++m_beyond;
            return;
        }
        growTo(m_exponent + 1);
        bin = std::floor(bin / 2.0);
    }
    ++m_counts[static_cast<int>(bin) + kBinsPerSide];
}

void GrowingHistogram::growTo(int exponent)
{
    for (; m_exponent < exponent; ++m_exponent) {
        std::uint64_t wider[2 * kBinsPerSide] = {};
        for (int i = 0; i < 2 * kBinsPerSide; ++i)
            wider[((i - kBinsPerSide) >> 1) + kBinsPerSide] += m_counts[i]; // bins i and i + 1 join, rounding towards minus infinity
        std::copy(std::begin(wider), std::end(wider), m_counts);
    }
}

void GrowingHistogram::merge(const GrowingHistogram &other)
{
    GrowingHistogram aligned = other;
    aligned.growTo(m_exponent);
    growTo(aligned.m_exponent);
    for (int i = 0; i < 2 * kBinsPerSide; ++i)
        m_counts[i] += aligned.m_counts[i];
    m_beyond += aligned.m_beyond;
}

Histogram GrowingHistogram::histogram() const
{
    const double width = std::ldexp(1.0, m_exponent);
    return {-kBinsPerSide * width, width, {std::begin(m_counts), std::end(m_counts)}, 0, m_beyond};
}

CodeGrid CodeGrid::of(float scale, std::int64_t zeroPoint, std::int64_t minCode, std::int64_t maxCode)
{
    return {static_cast<double>(scale), zeroPoint, minCode, static_cast<int>((maxCode - minCode + GridHistogram::kBins) / GridHistogram::kBins)};
}

void GridHistogram::addReal(const CodeGrid &grid, float value)
{
    // The bin whose codes lie nearest: values round to the nearest code.
    const double code = std::floor(static_cast<double>(value) / grid.scale + 0.5) + static_cast<double>(grid.zeroPoint - grid.minCode);
    if (!(code >= 0.0))
        ++m_below; // NaN too
    else if (code >= static_cast<double>(kBins) * grid.codesPerBin)
        ++m_above;
    else
        ++m_counts[static_cast<std::size_t>(code) / static_cast<std::size_t>(grid.codesPerBin)];
}

void GridHistogram::merge(const GridHistogram &other)
{
    for (int i = 0; i < kBins; ++i)
        m_counts[i] += other.m_counts[i];
    m_below += other.m_below;
    m_above += other.m_above;
}

Histogram GridHistogram::histogram(const CodeGrid &grid) const
{
    const double width = grid.scale * grid.codesPerBin;
    return {(static_cast<double>(grid.minCode - grid.zeroPoint) - 0.5) * grid.scale, width, {std::begin(m_counts), std::end(m_counts)}, m_below, m_above};
}

void ErrorHistograms::merge(const ErrorHistograms &other)
{
    errorInLsb.merge(other.errorInLsb);
    floatValues.merge(other.floatValues);
}

ErrorSums measureErrors(const float *reals, const float *floats, std::size_t count, const CodeGrid &grid, ErrorHistograms &histograms)
{
    ErrorSums sums;
    sums.floatMin = std::numeric_limits<double>::infinity();
    sums.floatMax = -std::numeric_limits<double>::infinity();
    const double inverseScale = grid.scale > 0.0 ? 1.0 / grid.scale : 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        // The difference is taken in float, as QuantizationDebugger's NumericVerify does.
        const double diff = static_cast<double>(reals[i] - floats[i]);
        const auto value = static_cast<double>(floats[i]);
        if (!std::isfinite(diff)) {
            ++sums.notFinite;
            continue;
        }
        ++sums.count;
        sums.diff += diff;
        sums.diffSquared += diff * diff;
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, std::abs(diff));
        sums.floatValue += value;
        sums.floatSquared += value * value;
        sums.floatMin = std::min(sums.floatMin, value);
        sums.floatMax = std::max(sums.floatMax, value);
        histograms.errorInLsb.add(diff * inverseScale);
        histograms.floatValues.addReal(grid, floats[i]);
    }
    return sums;
}

} // namespace quantloupe
