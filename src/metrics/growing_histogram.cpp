// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/growing_histogram.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace quantloupe {

void GrowingHistogram::add(double value)
{
    const int exponent = std::isfinite(value) ? exponentFor(std::abs(value)) : kMaxExponent + 1;
    if (exponent > kMaxExponent) {
        ++m_beyond;
        return;
    }
    growTo(exponent);
    ++m_counts[static_cast<int>(std::floor(std::ldexp(value, -m_exponent))) + kBinsPerSide];
}

int GrowingHistogram::exponentFor(double largest) const
{
    int exponent = m_exponent;
    while (exponent <= kMaxExponent && largest >= std::ldexp(static_cast<double>(kBinsPerSide), exponent))
        ++exponent;
    return exponent;
}

bool GrowingHistogram::isEmpty() const
{
    return std::ranges::all_of(m_counts, [](std::uint64_t count) { return count == 0; });
}

double GrowingHistogram::reachOfMost() const
{
    std::uint64_t left = std::accumulate(std::begin(m_counts), std::end(m_counts), std::uint64_t{0}) / 50;
    int side = kBinsPerSide;
    for (; side > 1; --side) {
        const std::uint64_t outermost = m_counts[kBinsPerSide - side] + m_counts[kBinsPerSide + side - 1];
        if (outermost > left)
            break;
        left -= outermost;
    }
    return std::ldexp(static_cast<double>(side), m_exponent);
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

} // namespace quantloupe
