// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/histogram.h"

#include <cstdint>

namespace quantloupe {

/// A histogram around 0 whose bins double in width until everything fits. Bins are nested, so the counts do not depend
/// on the order in which values come, nor on how they were spread over threads.
class GrowingHistogram {
public:
    static constexpr int kBinsPerSide = 64;
    static constexpr int kBins = 2 * kBinsPerSide;

    void add(double value);
    void merge(const GrowingHistogram &other);
    Histogram histogram() const;

    /// Bins are 2^exponent() wide; bin i starts at (i - kBinsPerSide) * 2^exponent().
    int exponent() const { return m_exponent; }
    /// Smallest exponent, not below the present one, at which magnitudes up to `largest` have a bin; above kMaxExponent when none has.
    int exponentFor(double largest) const;
    void growTo(int exponent);
    void addCount(int bin, std::uint64_t count) { m_counts[bin] += count; }

private:
    static constexpr int kMaxExponent = 60;

    int m_exponent = -5; ///< 1/32 of a step at first
    std::uint64_t m_counts[kBins] = {};
    std::uint64_t m_beyond = 0; ///< not finite, or wider than any exponent
};

} // namespace quantloupe
