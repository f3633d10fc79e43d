// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"
#include "metrics/grid_histogram.h"
#include "metrics/growing_histogram.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace quantloupe {

/// What the error pass gathers over all samples of a tensor, besides the sums per sample.
struct ErrorHistograms {
    GrowingHistogram errorInLsb;
    GridHistogram floatValues; ///< at the code that lies nearest; in the middle of two, the lower

    void merge(const ErrorHistograms &other);
};

/// Which cell an element counts in. Its code, and its error and nearest code on each of up to two sides (float values it is
/// compared with), fill five histograms; counted together they take two cells, and the histograms are sums over rows and
/// columns of cells:
///   errors: bin of the first side's error * kErrorBins + bin of the second's (of one side: its bin);
///   places: bin of the code, and how many bins below it each side's float value lies, from -half to half - 1 of the side's offsets.
/// The few floats that lie farther from their codes are strays, and counted one by one.
struct CellShape {
    static constexpr int kErrorBins = GrowingHistogram::kBins;
    static constexpr int kBins = GridHistogram::kBins;
    static constexpr int kMostOffsets = 128; ///< of both sides, multiplied
    static constexpr int kErrorCells = kErrorBins * kErrorBins;
    static constexpr int kPlaceCells = kMostOffsets * kBins;
    /// Behind each table. A cell that is met again and again would make each increment wait for the one before it: the cell of
    /// no error, and of no error at the zero point, which is where rectified values lie, is spread over these by position.
    static constexpr int kSpareCells = 64;
    static constexpr int kStrayPlace = kPlaceCells + kSpareCells; ///< strays have been counted already

    int sides = 2;
    std::array<int, 2> binShift{};    ///< from 32nds of a step to the bins of errors
    std::array<int, 2> offsetsLog2{}; ///< how many offsets a side has; 0 for one that is not
    int hotBin = 0;                   ///< of the zero point

    int offsets(std::size_t side) const { return 1 << offsetsLog2[side]; }
    /// The offset of what lies where its code does.
    int middle(std::size_t side) const { return offsets(side) / 2; }
    int hotError() const { return sides == 2 ? (kErrorBins / 2) * kErrorBins + kErrorBins / 2 : kErrorBins / 2; }
    int hotPlace() const { return ((middle(0) << offsetsLog2[1]) + middle(1)) * kBins + hotBin; }
};

/// An element that is in no cell of places.
struct Stray {
    std::int16_t bin;                    ///< of its code
    std::array<std::int16_t, 2> offsets; ///< how many bins below it the sides' float values lie; saturated
};

/// The tables. Between two drains at most 2^32 - 1 elements.
class JointCounts {
public:
    JointCounts();
    /// Of the shape in which the next elements come; what was counted before must have been drained.
    void setShape(const CellShape &shape) { m_shape = shape; }
    /// The first side's errors lie in the `errorReach` bins, at least 1, on either side of 0.
    void add(std::size_t count, const std::uint16_t *errors, const std::uint16_t *places, std::size_t errorReach = CellShape::kErrorBins / 2);
    /// Adds everything to the histograms, one of `sides` for each side; then nothing is counted.
    void drain(GridHistogram &codes, std::span<ErrorHistograms *const> sides);

private:
    void drainErrors(std::span<ErrorHistograms *const> sides);
    void drainPlaces(GridHistogram &codes, std::span<ErrorHistograms *const> sides);

    CellShape m_shape;
    bool m_isEmpty = true;
    std::size_t m_errorReach = 1; ///< rows of m_errors on either side of the middle that are in use
    // Of 32 bits: current processors pass a store of 16 on to the next load of the same place more slowly.
    AlignedBuffer m_memory;
    std::uint32_t *m_errors;
    std::uint32_t *m_places;
};

} // namespace quantloupe
