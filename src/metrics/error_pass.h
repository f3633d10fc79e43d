// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/error_piece.h"
#include "metrics/grid_histogram.h"
#include "metrics/joint_counts.h"
#include "metrics/metric.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace quantloupe {

/// Samples of one tensor, one behind the other `stride` bytes apart.
template <typename T> struct SampleRows {
    T *first = nullptr;
    std::size_t stride = 0;

    T *operator[](std::size_t sample) const { return reinterpret_cast<T *>(reinterpret_cast<std::uintptr_t>(first) + sample * stride); }
};

/// Float values that a quantized tensor is compared with.
struct ErrorSide {
    SampleRows<const float> floats;
    ErrorHistograms *histograms = nullptr;
    ErrorSums *sums = nullptr; ///< one a sample, written but for atMinCode and atMaxCode
};

/// A quantized tensor as the error pass takes it.
template <typename Code> struct CodeSide {
    SampleRows<const Code> codes;
    CodeGrid grid;
    GridHistogram *histogram = nullptr; ///< of the codes themselves
    SampleRows<float> reals;            ///< their real values are left here, in float as DEQUANTIZE rounds them; may be nowhere
};

/// One pass over `samples` samples of `count` elements of a tensor: everything that is measured of it, against up to two sides,
/// while it is in the cache. Holds the tables in which elements are counted, which are empty between calls; one a thread.
class ErrorPass {
public:
    /// Leaves in atEnds[i] how many codes of sample i are the type's smallest and largest. Code is int8, uint8 or int16.
    template <typename Code> void measure(const CodeSide<Code> &quantized, std::span<const ErrorSide> sides, std::size_t samples, std::size_t count, EndCounts *atEnds);

private:
    template <typename Code> class Run;

    JointCounts m_counts;
    PieceCells m_cells{};
    alignas(64) std::int32_t m_fine[2][kPiece];
    alignas(64) float m_reals[kPiece];
};

} // namespace quantloupe
