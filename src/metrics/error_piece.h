// SPDX-License-Identifier: GPL-3.0-or-later
//
// The vector code of the error pass: of one piece of one sample at a time, whatever does not depend on other pieces.
#pragma once

#include "metrics/joint_counts.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace quantloupe {

/// Elements treated at a time. Where pieces begin is a matter of the sample alone, so that sums do not depend on how
/// samples are gathered.
constexpr std::size_t kPiece = 1024;
/// Errors are counted in whole 32nds of a step: the width of the narrowest bins.
constexpr int kFinePerStep = 32;
/// From 32nds of a step to whole ones; what lies in the middle goes down.
constexpr std::int32_t wholeSteps(std::int32_t fine) { return ((fine >> 4) + 1) >> 1; }
/// How many codes share a bin of the grid, as a shift.
template <typename Code> constexpr int kCodesPerBinLog2 = 8 * sizeof(Code) - 8;
/// Steps that measurePiece() can tell.
constexpr float kLargestStep = 1 << 17;

/// Sums of one piece. They are taken in float over a few vectors at a time and in double over those.
struct PieceSums {
    double diff = 0.0;
    double diffSquared = 0.0;
    double valueSquared = 0.0;
    float maxAbsDiff = 0.0f;
};

/// Sums of reals[i] - floats[i], its squares, and those of floats[i]; fine[i] = floor((reals[i] - floats[i]) * finePerUnit), which is anything where that is
/// 2^22 or more. At most kPiece elements; `fine` lies at a multiple of 64 bytes.
PieceSums measurePiece(const float *reals, const float *floats, std::size_t count, float finePerUnit, std::int32_t *fine);

/// Which cells the elements of a piece count in.
struct PieceCells {
    alignas(64) std::uint16_t errors[kPiece];
    alignas(64) std::uint16_t places[kPiece];
    std::size_t strayCount = 0;
    Stray strays[kPiece];
};

/// How many of the codes of a piece are the type's smallest and largest.
struct EndCounts {
    std::uint32_t min = 0;
    std::uint32_t max = 0;
};

/// Fills `cells` for codes whose errors on each side of the shape are `fine`. `isNarrow`: errors are less than 32768 32nds, which takes
/// half the work. They lie at multiples of 64 bytes. Code is int8, uint8 or int16.
template <typename Code>
EndCounts placePiece(const Code *codes, const std::array<const std::int32_t *, 2> &fine, std::size_t count, const CellShape &shape, bool isNarrow, PieceCells &cells);

/// The sum of (codes[i] - zeroPoint)^2.
template <typename Code> double sumOfSquares(const Code *codes, std::size_t count, std::int32_t zeroPoint);

/// out[i] = scale * (codes[i] - zeroPoint) in float, which rounds as DEQUANTIZE does.
template <typename Code> void realValues(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out);

} // namespace quantloupe
