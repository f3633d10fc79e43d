// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/histogram.h"
#include "metrics/metric.h"

#include <cstddef>
#include <cstdint>

namespace quantloupe {

/// A histogram around 0 whose bins double in width until everything fits. Bins are nested, so the counts do not depend
/// on the order in which values come, nor on how they were spread over threads.
class GrowingHistogram {
public:
    static constexpr int kBinsPerSide = 64;

    void add(double value);
    void merge(const GrowingHistogram &other);
    Histogram histogram() const;

private:
    void growTo(int exponent);

    int m_exponent = -5; ///< bins are 2^exponent wide: 1/32 of a step at first
    std::uint64_t m_counts[2 * kBinsPerSide] = {};
    std::uint64_t m_beyond = 0; ///< not finite, or wider than any exponent
};

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

    void addReal(const CodeGrid &grid, float value);
    void addCode(const CodeGrid &grid, std::int64_t code) { ++m_counts[static_cast<std::size_t>((code - grid.minCode) / grid.codesPerBin)]; }
    void merge(const GridHistogram &other);
    Histogram histogram(const CodeGrid &grid) const;

private:
    std::uint64_t m_counts[kBins] = {};
    std::uint64_t m_below = 0;
    std::uint64_t m_above = 0;
};

/// What the error pass gathers over all samples of a tensor, besides the sums per sample.
struct ErrorHistograms {
    GrowingHistogram errorInLsb;
    GridHistogram floatValues;

    void merge(const ErrorHistograms &other);
};

/// One pass over `count` elements of one sample: quantized side in real units against the float side.
ErrorSums measureErrors(const float *reals, const float *floats, std::size_t count, const CodeGrid &grid, ErrorHistograms &histograms);

} // namespace quantloupe
