// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/error_piece.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "metrics/error_piece.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <type_traits>

#ifndef QUANTLOUPE_ERROR_PIECE_ONCE
#define QUANTLOUPE_ERROR_PIECE_ONCE

namespace quantloupe {

/// What the vectors below do, for the elements that fill none.
template <typename Code> inline void placeElement(Code code, const std::array<const std::int32_t *, 2> &fine, std::size_t i, const CellShape &shape, PieceCells &cells)
{
    const int place = code - std::numeric_limits<Code>::min();
    const int bin = place >> kCodesPerBinLog2<Code>;
    Stray stray{static_cast<std::int16_t>(bin), {}};
    bool isStray = false;
    int error = 0;
    int offsets = 0;
    for (std::size_t side = 0; side < static_cast<std::size_t>(shape.sides); ++side) {
        const std::int32_t at = fine[side][i];
        error = error * CellShape::kErrorBins + (at >> shape.binShift[side]) + CellShape::kErrorBins / 2;
        const int offset = bin - ((place - wholeSteps(at)) >> kCodesPerBinLog2<Code>);
        const int inTable = offset + shape.middle(side);
        isStray = isStray || inTable < 0 || inTable >= shape.offsets(side);
        offsets = (offsets << shape.offsetsLog2[side]) + inTable;
        stray.offsets[side] = static_cast<std::int16_t>(std::clamp(offset, -32768, 32767));
    }
    if (isStray)
        cells.strays[cells.strayCount++] = stray;
    cells.errors[i] = static_cast<std::uint16_t>(error);
    cells.places[i] = static_cast<std::uint16_t>(isStray ? CellShape::kStrayPlace : offsets * CellShape::kBins + bin);
}

} // namespace quantloupe

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;
using Shorts = hn::ScalableTag<std::int16_t>;

template <typename Code> HWY_INLINE hn::Vec<Ints> LoadCodes(const Code *from)
{
    return hn::PromoteTo(Ints(), hn::LoadU(hn::Rebind<Code, Ints>(), from));
}

template <typename Code> HWY_INLINE hn::Vec<Floats> RealOf(hn::Vec<Ints> code, float scale, std::int32_t zeroPoint)
{
    return hn::Mul(hn::ConvertTo(Floats(), hn::Sub(code, hn::Set(Ints(), zeroPoint))), hn::Set(Floats(), scale));
}

template <typename Code> void RealsOf(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out)
{
    const std::size_t lanes = hn::Lanes(Floats());
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(RealOf<Code>(LoadCodes(codes + i), scale, zeroPoint), Floats(), out + i);
    for (; i < count; ++i)
        out[i] = static_cast<float>(codes[i] - zeroPoint) * scale;
}

/// Of at most kPiece codes: 32 bits hold the squares of 8 bits and of zero points that are not far out.
template <typename Code> double SquaresOfPiece(const Code *codes, std::size_t count, std::int32_t zeroPoint)
{
    constexpr std::int32_t kFar = 1024;
    double total = 0.0;
    std::size_t i = 0;
    if constexpr (sizeof(Code) == 1) {
        const Shorts d16;
        const Ints d32;
        const std::size_t lanes = hn::Lanes(d16);
        const std::size_t inVectors = -kFar < zeroPoint && zeroPoint < kFar ? count : 0;
        const auto zero = hn::Set(d16, static_cast<std::int16_t>(zeroPoint));
        auto even = hn::Zero(d32), odd = even;
        for (; i + lanes <= inVectors; i += lanes) {
            const auto value = hn::Sub(hn::PromoteTo(d16, hn::LoadU(hn::Rebind<Code, Shorts>(), codes + i)), zero);
            even = hn::ReorderWidenMulAccumulate(d32, value, value, even, odd);
        }
        total = hn::GetLane(hn::SumOfLanes(d32, hn::Add(even, odd)));
    }
    for (; i < count; ++i)
        total += static_cast<double>(codes[i] - zeroPoint) * static_cast<double>(codes[i] - zeroPoint);
    return total;
}

template <typename Code> double Squares(const Code *codes, std::size_t count, std::int32_t zeroPoint)
{
    double total = 0.0;
    for (std::size_t first = 0; first < count; first += kPiece)
        total += SquaresOfPiece(codes + first, std::min(kPiece, count - first), zeroPoint);
    return total;
}

/// floor(value) of magnitudes below 2^22: the bits of what is whole once 1.5 * 2^23 is added. Of what is larger, anything.
HWY_INLINE hn::Vec<Ints> FloorOf(hn::Vec<Floats> value)
{
    constexpr std::int32_t kBits = 0x4b400000; // of 1.5 * 2^23
    return hn::Sub(hn::BitCast(Ints(), hn::Add(hn::Floor(value), hn::Set(Floats(), 12582912.0f))), hn::Set(Ints(), kBits));
}

/// Sums in float over a few vectors, then in double.
class PieceTotals {
public:
    HWY_INLINE PieceTotals() // not the compiler's own, which would be for no instruction set
    {
        m_diff = m_diffSquared = m_valueSquared = hn::Zero(Floats());
        for (auto &total : m_totals)
            total = hn::Zero(Doubles());
    }
    HWY_INLINE void add(hn::Vec<Floats> diff, hn::Vec<Floats> value)
    {
        m_diff = hn::Add(m_diff, diff);
        m_diffSquared = hn::MulAdd(diff, diff, m_diffSquared);
        m_valueSquared = hn::MulAdd(value, value, m_valueSquared);
    }
    HWY_INLINE void take()
    {
        take(m_diff, m_totals[0]);
        take(m_diffSquared, m_totals[1]);
        take(m_valueSquared, m_totals[2]);
    }
    HWY_INLINE void sums(PieceSums &out) const
    {
        const Doubles d;
        out.diff = hn::GetLane(hn::SumOfLanes(d, m_totals[0]));
        out.diffSquared = hn::GetLane(hn::SumOfLanes(d, m_totals[1]));
        out.valueSquared = hn::GetLane(hn::SumOfLanes(d, m_totals[2]));
    }

private:
    using Doubles = hn::Rebind<double, hn::Half<Floats>>;

    static HWY_INLINE void take(hn::Vec<Floats> &part, hn::Vec<Doubles> &total)
    {
        const hn::Half<Floats> half;
        total = hn::Add(total, hn::Add(hn::PromoteTo(Doubles(), hn::LowerHalf(half, part)), hn::PromoteTo(Doubles(), hn::UpperHalf(half, part))));
        part = hn::Zero(Floats());
    }

    hn::Vec<Floats> m_diff, m_diffSquared, m_valueSquared;
    hn::Vec<Doubles> m_totals[3];
};

void Measure(const float *HWY_RESTRICT reals, const float *HWY_RESTRICT floats, std::size_t count, float finePerUnit, std::int32_t *HWY_RESTRICT fine, PieceSums &sums)
{
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    constexpr std::size_t kVectors = 16; // added in float: their rounding is 1e-7 of the sum
    const auto factor = hn::Set(d, finePerUnit);
    auto maxAbsDiff = hn::Zero(d);
    PieceTotals totals;
    const auto measure = [&](std::size_t i) HWY_ATTR {
        // The difference is taken in float, as QuantizationDebugger's NumericVerify does.
        const auto value = hn::LoadU(d, floats + i);
        const auto diff = hn::Sub(hn::LoadU(d, reals + i), value);
        maxAbsDiff = hn::Max(maxAbsDiff, hn::Abs(diff));
        hn::StoreU(FloorOf(hn::Mul(diff, factor)), Ints(), fine + i);
        totals.add(diff, value);
    };
    std::size_t i = 0;
    for (; i + kVectors * lanes <= count; totals.take()) {
#pragma GCC unroll 4
        for (std::size_t vector = 0; vector < kVectors; ++vector, i += lanes)
            measure(i);
    }
    for (; i + lanes <= count; i += lanes)
        measure(i);
    if (i < count) {
        HWY_ALIGN float rest[2][HWY_MAX_BYTES / sizeof(float)] = {};
        HWY_ALIGN std::int32_t restFine[HWY_MAX_BYTES / sizeof(float)];
        std::copy(reals + i, reals + count, rest[0]);
        std::copy(floats + i, floats + count, rest[1]);
        const auto value = hn::Load(d, rest[1]);
        const auto diff = hn::Sub(hn::Load(d, rest[0]), value); // 0 where there is nothing
        maxAbsDiff = hn::Max(maxAbsDiff, hn::Abs(diff));
        hn::Store(FloorOf(hn::Mul(diff, factor)), Ints(), restFine);
        std::copy(restFine, restFine + (count - i), fine + i);
        totals.add(diff, value);
    }
    totals.take();
    totals.sums(sums);
    sums.maxAbsDiff = hn::GetLane(hn::MaxOfLanes(d, maxAbsDiff));
}

/// A side's bin of the error and distance of the float value's bin from the code's, of two vectors of elements.
struct SidePlace {
    hn::Vec<Shorts> error;
    hn::Vec<Shorts> offset;
};

/// `place` are codes less the type's smallest, `bin` their bins.
template <typename Code, bool kIsNarrow>
HWY_INLINE SidePlace PlaceSide(const std::int32_t *fine, int binShift, hn::Vec<Ints> place0, hn::Vec<Ints> place1, hn::Vec<Shorts> bin)
{
    const Ints d32;
    const Shorts d16;
    const auto fine0 = hn::Load(d32, fine);
    const auto fine1 = hn::Load(d32, fine + hn::Lanes(d32));
    const auto one = hn::Set(d32, 1);
    const auto wholeOf = [&](hn::Vec<Ints> v) HWY_ATTR { return hn::ShiftRight<1>(hn::Add(hn::ShiftRight<4>(v), one)); };
    if constexpr (sizeof(Code) == 1 && kIsNarrow) {
        const auto both = hn::ReorderDemote2To(d16, fine0, fine1);
        return {hn::ShiftRightSame(both, std::min(binShift, 15)), hn::ShiftRight<1>(hn::Add(hn::ShiftRight<4>(both), hn::Set(d16, 1)))};
    } else {
        const auto error = hn::ReorderDemote2To(d16, hn::ShiftRightSame(fine0, binShift), hn::ShiftRightSame(fine1, binShift));
        if constexpr (sizeof(Code) == 1)
            return {error, hn::ReorderDemote2To(d16, wholeOf(fine0), wholeOf(fine1))};
        const auto nearest0 = hn::ShiftRight<kCodesPerBinLog2<Code>>(hn::Sub(place0, wholeOf(fine0)));
        const auto nearest1 = hn::ShiftRight<kCodesPerBinLog2<Code>>(hn::Sub(place1, wholeOf(fine1)));
        return {error, hn::Sub(bin, hn::ReorderDemote2To(d16, nearest0, nearest1))};
    }
}

/// Strays among a vector's elements: the lanes of `mask`.
HWY_NOINLINE void KeepStrays(std::uint64_t mask, hn::Vec<Shorts> bin, hn::Vec<Shorts> first, hn::Vec<Shorts> second, PieceCells &cells)
{
    const Shorts d;
    HWY_ALIGN std::int16_t bins[HWY_MAX_BYTES / sizeof(std::int16_t)];
    HWY_ALIGN std::int16_t offsets[2][HWY_MAX_BYTES / sizeof(std::int16_t)];
    hn::Store(bin, d, bins);
    hn::Store(first, d, offsets[0]);
    hn::Store(second, d, offsets[1]);
    for (; mask != 0; mask &= mask - 1) {
        const int lane = std::countr_zero(mask);
        cells.strays[cells.strayCount++] = {bins[lane], {offsets[0][lane], offsets[1][lane]}};
    }
}

template <typename Code, int kSides, bool kIsNarrow>
HWY_NOINLINE std::size_t PlaceVectors(const Code *HWY_RESTRICT codes, const std::int32_t *fineFirst, const std::int32_t *fineSecond, std::size_t count, const CellShape &shape,
                                      PieceCells &cells, EndCounts &ends)
{
    using Limits = std::numeric_limits<Code>;
    const Ints d32;
    const Shorts d16;
    const hn::RebindToUnsigned<Shorts> du16;
    const std::size_t lanes = hn::Lanes(d16);
    const auto constant = [&](int value) HWY_ATTR { return hn::Set(d16, static_cast<std::int16_t>(value)); };
    const auto largest = constant(static_cast<int>(Limits::max()) - (sizeof(Code) == 1 ? Limits::min() : 0));
    const auto smallest = constant(sizeof(Code) == 1 ? 0 : Limits::min());
    const auto hotError = constant(shape.hotError());
    const auto hotPlace = constant(shape.hotPlace());
    const auto spareError = hn::Add(hn::Iota(d16, 0), constant(CellShape::kErrorCells));
    const auto sparePlace = hn::Add(hn::Iota(d16, 0), constant(CellShape::kPlaceCells));
    const auto middle0 = constant(shape.middle(0));
    const auto middle1 = constant(shape.middle(1));
    const auto beyond0 = constant(~(shape.offsets(0) - 1));
    const auto beyond1 = constant(~(shape.offsets(1) - 1));
    const auto half = constant(CellShape::kErrorBins / 2);
    const int shift0 = shape.binShift[0];
    const int shift1 = shape.binShift[1];
    const int offsetShift = shape.offsetsLog2[1];
    auto atMin = hn::Zero(d16), atMax = atMin;
    const auto store = [&](hn::Vec<Shorts> cell, std::uint16_t *to) HWY_ATTR { hn::Store(hn::BitCast(du16, cell), du16, to); };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        const auto smallestCode = hn::Set(d32, Limits::min());
        const auto place0 = hn::Sub(LoadCodes(codes + i), smallestCode);
        const auto place1 = hn::Sub(LoadCodes(codes + i + lanes / 2), smallestCode);
        hn::Vec<Shorts> code, bin;
        if constexpr (sizeof(Code) == 1) {
            code = bin = hn::ReorderDemote2To(d16, place0, place1);
        } else {
            code = hn::ReorderDemote2To(d16, LoadCodes(codes + i), LoadCodes(codes + i + lanes / 2));
            bin = hn::ReorderDemote2To(d16, hn::ShiftRight<kCodesPerBinLog2<Code>>(place0), hn::ShiftRight<kCodesPerBinLog2<Code>>(place1));
        }
        atMin = hn::Sub(atMin, hn::VecFromMask(d16, hn::Eq(code, smallest)));
        atMax = hn::Sub(atMax, hn::VecFromMask(d16, hn::Eq(code, largest)));
        const SidePlace first = PlaceSide<Code, kIsNarrow>(fineFirst + i, shift0, place0, place1, bin);
        auto secondOffset = hn::Zero(d16);
        auto error = hn::Add(first.error, half);
        auto offset = hn::Add(first.offset, middle0);
        auto beyond = hn::And(offset, beyond0);
        if constexpr (kSides == 2) {
            const SidePlace second = PlaceSide<Code, kIsNarrow>(fineSecond + i, shift1, place0, place1, bin);
            secondOffset = second.offset;
            const auto offset1 = hn::Add(second.offset, middle1);
            beyond = hn::Or(beyond, hn::And(offset1, beyond1));
            error = hn::Add(hn::ShiftLeft<7>(error), hn::Add(second.error, half));
            offset = hn::Add(hn::ShiftLeftSame(offset, offsetShift), offset1);
        }
        auto place = hn::Add(hn::ShiftLeft<8>(offset), bin);
        place = hn::IfThenElse(hn::Eq(place, hotPlace), sparePlace, place);
        const auto isStray = hn::Ne(beyond, hn::Zero(d16));
        if (HWY_UNLIKELY(!hn::AllFalse(d16, isStray))) {
            std::uint8_t bits[sizeof(std::uint64_t)] = {};
            hn::StoreMaskBits(d16, isStray, bits);
            std::uint64_t mask;
            std::memcpy(&mask, bits, sizeof mask);
            KeepStrays(mask, bin, first.offset, secondOffset, cells);
            place = hn::IfThenElse(isStray, constant(CellShape::kStrayPlace), place);
        }
        store(hn::IfThenElse(hn::Eq(error, hotError), spareError, error), cells.errors + i);
        store(place, cells.places + i);
    }
    HWY_ALIGN std::int16_t counts[HWY_MAX_BYTES / sizeof(std::int16_t)];
    hn::Store(atMin, d16, counts);
    ends.min += static_cast<std::uint32_t>(std::accumulate(counts, counts + lanes, 0));
    hn::Store(atMax, d16, counts);
    ends.max += static_cast<std::uint32_t>(std::accumulate(counts, counts + lanes, 0));
    return i;
}

template <typename Code>
EndCounts Place(const Code *codes, const std::array<const std::int32_t *, 2> &fine, std::size_t count, const CellShape &shape, bool isNarrow, PieceCells &cells)
{
    EndCounts ends;
    cells.strayCount = 0;
    const auto vectors = [&](auto sides) HWY_ATTR {
        // Only for 8 bits is there a narrow form.
        return sizeof(Code) == 1 && isNarrow ? PlaceVectors<Code, sides, true>(codes, fine[0], fine[1], count, shape, cells, ends)
                                             : PlaceVectors<Code, sides, false>(codes, fine[0], fine[1], count, shape, cells, ends);
    };
    std::size_t i = shape.sides == 2 ? vectors(std::integral_constant<int, 2>()) : vectors(std::integral_constant<int, 1>());
    for (; i < count; ++i) {
        placeElement(codes[i], fine, i, shape, cells);
        ends.min += codes[i] == std::numeric_limits<Code>::min() ? 1 : 0;
        ends.max += codes[i] == std::numeric_limits<Code>::max() ? 1 : 0;
    }
    return ends;
}

#define QL_OF_CODE(Name, Code)                                                                                                                                                  \
    EndCounts Place##Name(const Code *codes, const std::array<const std::int32_t *, 2> &fine, std::size_t count, const CellShape &shape, bool isNarrow, PieceCells &cells)      \
    {                                                                                                                                                                           \
        return Place(codes, fine, count, shape, isNarrow, cells);                                                                                                               \
    }                                                                                                                                                                           \
    void Reals##Name(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out) { RealsOf(codes, count, scale, zeroPoint, out); }                   \
    double Squares##Name(const Code *codes, std::size_t count, std::int32_t zeroPoint) { return Squares(codes, count, zeroPoint); }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe {

HWY_EXPORT(Measure);

PieceSums measurePiece(const float *reals, const float *floats, std::size_t count, float finePerUnit, std::int32_t *fine)
{
    PieceSums sums;
    HWY_DYNAMIC_DISPATCH(Measure)(reals, floats, count, finePerUnit, fine, sums);
    return sums;
}

#define QL_OF_CODE(Name, Code)                                                                                                                                                  \
    HWY_EXPORT(Place##Name);                                                                                                                                                    \
    HWY_EXPORT(Reals##Name);                                                                                                                                                    \
    HWY_EXPORT(Squares##Name);                                                                                                                                                  \
    template <> double sumOfSquares(const Code *codes, std::size_t count, std::int32_t zeroPoint)                                                                             \
    {                                                                                                                                                                           \
        return HWY_DYNAMIC_DISPATCH(Squares##Name)(codes, count, zeroPoint);                                                                                                    \
    }                                                                                                                                                                           \
    template <>                                                                                                                                                                 \
    EndCounts placePiece(const Code *codes, const std::array<const std::int32_t *, 2> &fine, std::size_t count, const CellShape &shape, bool isNarrow, PieceCells &cells)       \
    {                                                                                                                                                                           \
        return HWY_DYNAMIC_DISPATCH(Place##Name)(codes, fine, count, shape, isNarrow, cells);                                                                                   \
    }                                                                                                                                                                           \
    template <> void realValues(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out)                                                          \
    {                                                                                                                                                                           \
        HWY_DYNAMIC_DISPATCH(Reals##Name)(codes, count, scale, zeroPoint, out);                                                                                                 \
    }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe

#endif
