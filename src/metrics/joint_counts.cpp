// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/joint_counts.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "metrics/joint_counts.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Cells = hn::ScalableTag<std::uint32_t>;

/// Of `count` cells, a multiple of two vectors of any size: 0 only where all are, since what is counted fits a cell.
HWY_INLINE std::uint32_t SumOfRow(const std::uint32_t *row, std::size_t count)
{
    const Cells d;
    const std::size_t lanes = hn::Lanes(d);
    auto a = hn::Zero(d), b = a;
    for (std::size_t i = 0; i < count; i += 2 * lanes) {
        a = hn::Add(a, hn::Load(d, row + i));
        b = hn::Add(b, hn::Load(d, row + i + lanes));
    }
    return hn::GetLane(hn::SumOfLanes(d, hn::Add(a, b)));
}

/// Adds a row to `first` and `second` and empties it. False when it was empty.
bool TakeRow(std::uint32_t *HWY_RESTRICT row, std::size_t count, std::uint32_t *HWY_RESTRICT first, std::uint32_t *HWY_RESTRICT second)
{
    const Cells d;
    const std::size_t lanes = hn::Lanes(d);
    if (SumOfRow(row, count) == 0)
        return false;
    for (std::size_t i = 0; i < count; i += lanes) {
        const auto cells = hn::Load(d, row + i);
        hn::Store(hn::Zero(d), d, row + i);
        hn::StoreU(hn::Add(hn::LoadU(d, first + i), cells), d, first + i);
        hn::StoreU(hn::Add(hn::LoadU(d, second + i), cells), d, second + i);
    }
    return true;
}

/// Adds a row to `other` and empties it; returns the sum of its cells.
std::uint32_t TakeSum(std::uint32_t *HWY_RESTRICT row, std::size_t count, std::uint32_t *HWY_RESTRICT other)
{
    const Cells d;
    const std::size_t lanes = hn::Lanes(d);
    const std::uint32_t sum = SumOfRow(row, count);
    if (sum == 0)
        return 0;
    for (std::size_t i = 0; i < count; i += lanes) {
        hn::StoreU(hn::Add(hn::LoadU(d, other + i), hn::Load(d, row + i)), d, other + i);
        hn::Store(hn::Zero(d), d, row + i);
    }
    return sum;
}

} // namespace quantloupe::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe {

HWY_EXPORT(TakeRow);
HWY_EXPORT(TakeSum);

namespace {

using Cell = std::uint32_t;

constexpr std::size_t kBins = CellShape::kBins;
constexpr std::size_t kErrorBins = CellShape::kErrorBins;

Cell takeSpare(Cell *spare)
{
    const Cell sum = std::accumulate(spare, spare + CellShape::kSpareCells, Cell{0});
    std::fill_n(spare, CellShape::kSpareCells, Cell{0});
    return sum;
}

/// Counts of float values, which may lie outside of the grid.
class ValueCounts {
public:
    /// Where counts by code go when values lie `offset` bins below their codes.
    Cell *shifted(int offset) { return m_cells + kOutside - offset; }
    void addTo(GridHistogram &values) const
    {
        values.addBin(-1, std::accumulate(m_cells, m_cells + kOutside, std::uint64_t{0}));
        values.addBins(std::span<const Cell, kBins>(m_cells + kOutside, kBins));
        values.addBin(kBins, std::accumulate(m_cells + kOutside + kBins, std::end(m_cells), std::uint64_t{0}));
    }

private:
    static constexpr std::size_t kOutside = CellShape::kMostOffsets / 2;
    Cell m_cells[kBins + 2 * kOutside] = {};
};

} // namespace

void ErrorHistograms::merge(const ErrorHistograms &other)
{
    errorInLsb.merge(other.errorInLsb);
    floatValues.merge(other.floatValues);
}

JointCounts::JointCounts()
    : m_memory((CellShape::kErrorCells + CellShape::kSpareCells + CellShape::kStrayPlace + 1) * sizeof(Cell)), m_errors(reinterpret_cast<Cell *>(m_memory.data())),
      m_places(m_errors + CellShape::kErrorCells + CellShape::kSpareCells)
{
    std::memset(m_memory.data(), 0, m_memory.size());
}

void JointCounts::add(std::size_t count, const std::uint16_t *errors, const std::uint16_t *places, std::size_t errorReach)
{
    m_isEmpty = false;
    m_errorReach = std::max(m_errorReach, errorReach);
    Cell *const errorCells = m_errors;
    Cell *const placeCells = m_places;
    constexpr std::size_t kAtOnce = sizeof(std::uint64_t) / sizeof(std::uint16_t); // a load less for each
    std::size_t i = 0;
    for (; i + kAtOnce <= count; i += kAtOnce) {
        std::uint64_t a;
        std::uint64_t b;
        std::memcpy(&a, errors + i, sizeof a);
        std::memcpy(&b, places + i, sizeof b);
#pragma GCC unroll 4
        for (std::size_t k = 0; k < kAtOnce; ++k) {
            ++errorCells[a >> (16 * k) & 0xffff];
            ++placeCells[b >> (16 * k) & 0xffff];
        }
    }
    for (; i < count; ++i) {
        ++errorCells[errors[i]];
        ++placeCells[places[i]];
    }
}

void JointCounts::drain(GridHistogram &codes, std::span<ErrorHistograms *const> sides)
{
    if (std::exchange(m_isEmpty, true))
        return;
    drainErrors(sides);
    drainPlaces(codes, sides);
    m_errorReach = 1;
}

void JointCounts::drainErrors(std::span<ErrorHistograms *const> sides)
{
    m_errors[m_shape.hotError()] += takeSpare(m_errors + CellShape::kErrorCells);
    if (sides.size() == 1) {
        sides[0]->errorInLsb.addBins(std::span<const Cell, kErrorBins>(m_errors, kErrorBins));
        std::fill_n(m_errors, kErrorBins, Cell{0});
        return;
    }
    const auto takeSum = HWY_DYNAMIC_DISPATCH(TakeSum);
    Cell first[kErrorBins] = {};
    Cell second[kErrorBins] = {};
    for (std::size_t bin = kErrorBins / 2 - m_errorReach; bin < kErrorBins / 2 + m_errorReach; ++bin)
        first[bin] = takeSum(m_errors + bin * kErrorBins, kErrorBins, second);
    sides[0]->errorInLsb.addBins(first);
    sides[1]->errorInLsb.addBins(second);
}

void JointCounts::drainPlaces(GridHistogram &codes, std::span<ErrorHistograms *const> sides)
{
    m_places[m_shape.hotPlace()] += takeSpare(m_places + CellShape::kPlaceCells);
    const auto takeRow = HWY_DYNAMIC_DISPATCH(TakeRow);
    Cell byCode[kBins] = {};
    ValueCounts values[2];
    Cell *row = m_places;
    for (int first = 0; first < m_shape.offsets(0); ++first) {
        alignas(64) Cell byFirst[kBins] = {};
        bool isMet = false;
        for (int second = 0; second < m_shape.offsets(1); ++second, row += kBins)
            isMet |= takeRow(row, kBins, byFirst, values[1].shifted(second - m_shape.middle(1)));
        if (isMet)
            takeRow(byFirst, kBins, byCode, values[0].shifted(first - m_shape.middle(0)));
    }
    for (std::size_t side = 0; side < sides.size(); ++side)
        values[side].addTo(sides[side]->floatValues);
    codes.addBins(byCode);
}

} // namespace quantloupe

#endif
