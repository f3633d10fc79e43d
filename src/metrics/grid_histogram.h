// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/histogram.h"

#include <array>
#include <cstdint>
#include <span>

namespace quantloupe {

/// The grid of a quantized tensor in at most 256 bins: one a code for 8 bits, one per 256 codes for 16.
struct CodeGrid {
    double scale = 1.0;
    std::int64_t zeroPoint = 0;
    std::int64_t minCode = -128;
    int codesPerBin = 1;

    static CodeGrid of(float scale, std::int64_t zeroPoint, std::int64_t minCode, std::int64_t maxCode);
};

/// Counts over a CodeGrid.
class GridHistogram {
public:
    static constexpr int kBins = 256;

    /// Codes beyond the type's own count as below or above.
    void addCode(const CodeGrid &grid, std::int64_t code, std::uint64_t count = 1) { addBin(code < grid.minCode ? -1 : (code - grid.minCode) / grid.codesPerBin, count); }
    void addBin(std::int64_t bin, std::uint64_t count) { (bin < 0 ? m_below : bin >= kBins ? m_above : m_counts[bin]) += count; }
    /// One count for each bin.
    void addBins(std::span<const std::uint32_t, kBins> counts)
    {
        for (std::size_t bin = 0; bin < kBins; ++bin)
            m_counts[bin] += counts[bin];
    }
    void merge(const GridHistogram &other);
    Histogram histogram(const CodeGrid &grid) const;

private:
    std::array<std::uint64_t, kBins> m_counts{};
    std::uint64_t m_below = 0;
    std::uint64_t m_above = 0;
};

} // namespace quantloupe
