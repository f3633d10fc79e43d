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
    void addCode(const CodeGrid &grid, std::int64_t code) { addBin(code < grid.minCode ? -1 : (code - grid.minCode) / grid.codesPerBin, 1); }
    void addBin(std::int64_t bin, std::uint64_t count) { (bin < 0 ? m_below : bin >= kBins ? m_above : m_counts[bin]) += count; }
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
    GridHistogram floatValues; ///< at the code that lies nearest; in the middle of two, the lower

    void merge(const ErrorHistograms &other);
};

/// Samples of one tensor, one behind the other `stride` bytes apart.
template <typename T> struct SampleRows {
    const T *first = nullptr;
    std::size_t stride = 0;

    const T *operator[](std::size_t sample) const { return reinterpret_cast<const T *>(reinterpret_cast<const char *>(first) + sample * stride); }
};

/// One pass over `samples` samples of `count` elements: a quantized tensor's codes against the float side. Writes the
/// sums of each sample, but for atMinCode and atMaxCode. Code is int8, uint8 or int16.
template <typename Code>
void measureErrors(const SampleRows<Code> &codes, const SampleRows<float> &floats, std::size_t samples, std::size_t count, const CodeGrid &grid, ErrorHistograms &histograms,
                   ErrorSums *sums);

/// Counts the codes themselves, and those at the ends of the type in atMinCode and atMaxCode of each sample's sums.
template <typename Code>
void countCodes(const SampleRows<Code> &codes, std::size_t samples, std::size_t count, const CodeGrid &grid, GridHistogram &histogram, ErrorSums *sums);

/// out[i] = scale * (codes[i] - zeroPoint) in float, which rounds as DEQUANTIZE does.
template <typename Code> void realValues(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out);

} // namespace quantloupe
