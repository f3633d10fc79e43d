// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/histogram.h"

#include <cstdint>
#include <span>

namespace quantloupe {

/// A histogram around 0 whose bins double in width until everything fits. Bins are nested, so the counts do not depend
/// on the order in which values come, nor on how they were spread over threads.
class GrowingHistogram {
public:
    static constexpr int kBinsPerSide = 64;
    static constexpr int kBins = 2 * kBinsPerSide;
    static constexpr int kNarrowest = -5; ///< exponent of the first bins: 1/32 of a step

    void add(double value);
    void merge(const GrowingHistogram &other);
    Histogram histogram() const;

    /// Bins are 2^exponent() wide; bin i starts at (i - kBinsPerSide) * 2^exponent().
    int exponent() const { return m_exponent; }
    /// Smallest exponent, not below the present one, at which magnitudes up to `largest` have a bin; above kMaxExponent when none has.
    int exponentFor(double largest) const;
    void growTo(int exponent);
    bool isEmpty() const;
    /// Magnitude that all but a fiftieth of what is in the bins stay below.
    double reachOfMost() const;
    void addCount(int bin, std::uint64_t count) { m_counts[bin] += count; }
    /// One count for each bin.
    void addBins(std::span<const std::uint32_t, kBins> counts)
    {
        for (std::size_t bin = 0; bin < kBins; ++bin)
            m_counts[bin] += counts[bin];
    }

private:
    static constexpr int kMaxExponent = 60;

    int m_exponent = kNarrowest;
    std::uint64_t m_counts[kBins] = {};
    std::uint64_t m_beyond = 0; ///< not finite, or wider than any exponent
};

} // namespace quantloupe
