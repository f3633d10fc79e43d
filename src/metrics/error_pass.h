// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/grid_histogram.h"
#include "metrics/growing_histogram.h"
#include "metrics/metric.h"

#include <cstddef>
#include <cstdint>

namespace quantloupe {

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
