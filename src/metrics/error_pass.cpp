// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/error_pass.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "metrics/error_pass.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <tuple>
#include <type_traits>
#include <utility>

#ifndef QUANTLOUPE_ERROR_PASS_ONCE
#define QUANTLOUPE_ERROR_PASS_ONCE

namespace quantloupe {

/// Elements treated at a time. Where pieces begin is a matter of the sample alone, so that sums do not depend on how
/// samples are gathered.
constexpr std::size_t kPiece = 1024;
/// 32-bit lanes of the widest vector.
constexpr std::size_t kMostLanes = 16;

/// A tensor's grid as the vector code takes it.
struct GridOfCodes {
    float scale;
    float inverse;
    std::int32_t zeroPoint;
    std::int32_t minCode;
    int codesPerBinLog2;
};

/// Sums of one piece. They are taken in float over a few vectors at a time and in double over those.
struct PieceSums {
    double diff = 0.0;
    double diffSquared = 0.0;
    double value = 0.0;
    double valueSquared = 0.0;
    float maxAbsDiff = 0.0f;
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();
    std::uint32_t below = 0; ///< floats under the lowest bin of codes, and over the highest
    std::uint32_t above = 0;

    /// False when something was not finite, or so large or small that squares leave float's range.
    bool isExact() const
    {
        constexpr double kSmallest = 1e-28;
        const float maxAbs = std::max(std::abs(min), std::abs(max));
        return std::isfinite(diffSquared) && std::isfinite(valueSquared) && (diffSquared > kSmallest || maxAbsDiff == 0.0f) && (valueSquared > kSmallest || maxAbs == 0.0f);
    }
};

} // namespace quantloupe

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;

template <typename Code> HWY_INLINE hn::Vec<Ints> LoadCodes(const Code *from)
{
    return hn::PromoteTo(Ints(), hn::LoadU(hn::Rebind<Code, Ints>(), from));
}

template <typename Code> HWY_INLINE hn::Vec<Floats> RealOf(hn::Vec<Ints> code, float scale, std::int32_t zeroPoint)
{
    return hn::Mul(hn::ConvertTo(Floats(), hn::Sub(code, hn::Set(Ints(), zeroPoint))), hn::Set(Floats(), scale));
}

/// Whole floats below 2^22 as integers, less `less`: their bits once 1.5 * 2^23 is added. What is larger gives anything.
HWY_INLINE hn::Vec<Ints> IntegerOf(hn::Vec<Floats> whole, std::int32_t less)
{
    constexpr std::int32_t kBits = 0x4b400000; // of 1.5 * 2^23
    return hn::Sub(hn::BitCast(Ints(), hn::Add(whole, hn::Set(Floats(), 12582912.0f))), hn::Set(Ints(), kBits + less));
}

/// Sums of `count` elements, at most kPiece, and for each a byte that says which bin of the growing histogram (of `binsPerStep` to a
/// step) its error falls into, 2 * bin or -2 * bin - 1, and one that says which bin of codes lies nearest to the float value. The
/// order of the bytes is not that of the elements.
template <typename Code>
void MeasurePieceOf(const Code *HWY_RESTRICT codes, const float *HWY_RESTRICT floats, std::size_t count, const GridOfCodes &grid, float binsPerStep, std::uint8_t *HWY_RESTRICT errorBins,
                    std::uint8_t *HWY_RESTRICT valueBins, PieceSums &sums)
{
    const Floats d;
    const Ints d32;
    const hn::Repartition<std::int16_t, Ints> d16;
    const hn::Rebind<std::uint8_t, decltype(d16)> bytes;
    const std::size_t lanes = hn::Lanes(d);
    constexpr std::size_t kVectors = 16; // added in float: their rounding is 1e-7 of the sum
    const auto inverse = hn::Set(d, grid.inverse);
    const auto factor = hn::Set(d, binsPerStep);
    auto maxAbsDiff = hn::Zero(d);
    auto min = hn::Set(d, sums.min);
    auto max = hn::Set(d, sums.max);
    auto below = hn::Zero(d16), above = below;
    auto diffSum = hn::Zero(d), diffSquared = diffSum, valueSum = diffSum, valueSquared = diffSum;

    struct Bins {
        hn::Vec<Ints> error;
        hn::Vec<Ints> value;
    };
    // `valid`: how many lanes count where it is not all of them; the others repeat an element.
    const auto measure = [&](hn::Vec<Ints> code, hn::Vec<Floats> value, auto isTail, std::size_t valid) HWY_ATTR {
        // The difference is taken in float, as QuantizationDebugger's NumericVerify does.
        auto diff = hn::Sub(RealOf<Code>(code, grid.scale, grid.zeroPoint), value);
        maxAbsDiff = hn::Max(maxAbsDiff, hn::Abs(diff));
        min = hn::Min(min, value);
        max = hn::Max(max, value);
        const auto step = hn::Mul(diff, inverse);
        const auto error = IntegerOf(hn::Floor(hn::Mul(step, factor)), 0);
        // Half steps, then whole ones: exact, and a function of the error's bin while bins are at most half a step wide.
        const auto away = hn::ShiftRight<1>(IntegerOf(hn::Floor(hn::Add(step, step)), -1 - 2 * grid.minCode));
        auto nearest = hn::Sub(code, away);
        if (sizeof(Code) > 1 && grid.codesPerBinLog2 != 0)
            nearest = hn::ShiftRight<8>(nearest);
        if constexpr (isTail) {
            diff = hn::IfThenElseZero(hn::FirstN(d, valid), diff);
            value = hn::IfThenElseZero(hn::FirstN(d, valid), value);
        }
        diffSum = hn::Add(diffSum, diff);
        diffSquared = hn::MulAdd(diff, diff, diffSquared);
        valueSum = hn::Add(valueSum, value);
        valueSquared = hn::MulAdd(value, value, valueSquared);
        return Bins{error, nearest};
    };
    const auto storeBins = [&](const Bins &a, const Bins &b, std::size_t at) HWY_ATTR {
        const auto error = hn::ReorderDemote2To(d16, a.error, b.error);
        hn::StoreU(hn::DemoteTo(bytes, hn::Xor(hn::ShiftLeft<1>(error), hn::ShiftRight<15>(error))), bytes, errorBins + at);
        const auto nearest = hn::ReorderDemote2To(d16, a.value, b.value);
        hn::StoreU(hn::DemoteTo(bytes, nearest), bytes, valueBins + at);
        below = hn::Sub(below, hn::ShiftRight<15>(nearest)); // 1 for what is negative
        above = hn::Sub(above, hn::ShiftRight<15>(hn::SaturatedSub(hn::Set(d16, GridHistogram::kBins - 1), nearest)));
    };
    const hn::Half<Floats> half;
    const hn::Rebind<double, hn::Half<Floats>> wide;
    auto totals = std::array{hn::Zero(wide), hn::Zero(wide), hn::Zero(wide), hn::Zero(wide)};
    const auto take = [&](hn::Vec<decltype(wide)> &total, hn::Vec<Floats> &part) HWY_ATTR {
        total = hn::Add(total, hn::Add(hn::PromoteTo(wide, hn::LowerHalf(half, part)), hn::PromoteTo(wide, hn::UpperHalf(half, part))));
        part = hn::Zero(d);
    };
    const auto takeSums = [&]() HWY_ATTR {
        take(totals[0], diffSum);
        take(totals[1], diffSquared);
        take(totals[2], valueSum);
        take(totals[3], valueSquared);
    };
    std::size_t i = 0;
    while (i + 2 * lanes <= count) {
        const std::size_t end = std::min(i + kVectors * lanes, count);
        for (; i + 2 * lanes <= end; i += 2 * lanes) {
            const Bins first = measure(LoadCodes(codes + i), hn::LoadU(d, floats + i), std::false_type(), lanes);
            const Bins second = measure(LoadCodes(codes + i + lanes), hn::LoadU(d, floats + i + lanes), std::false_type(), lanes);
            storeBins(first, second, i);
        }
        takeSums();
    }
    for (; i < count; i += lanes) { // less than two vectors are left
        const std::size_t valid = std::min(lanes, count - i);
        HWY_ALIGN Code restCodes[kMostLanes];
        HWY_ALIGN float restFloats[kMostLanes];
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            restCodes[lane] = codes[std::min(i + lane, count - 1)];
            restFloats[lane] = floats[std::min(i + lane, count - 1)];
        }
        const Bins bins = measure(LoadCodes(restCodes), hn::Load(d, restFloats), std::true_type(), valid);
        takeSums();
        HWY_ALIGN std::int32_t errors[kMostLanes];
        HWY_ALIGN std::int32_t values[kMostLanes];
        hn::Store(bins.error, d32, errors);
        hn::Store(bins.value, d32, values);
        for (std::size_t lane = 0; lane < valid; ++lane) {
            errorBins[i + lane] = static_cast<std::uint8_t>(errors[lane] << 1 ^ errors[lane] >> 31);
            valueBins[i + lane] = static_cast<std::uint8_t>(std::clamp(values[lane], 0, GridHistogram::kBins - 1));
            sums.below += values[lane] < 0 ? 1 : 0;
            sums.above += values[lane] >= GridHistogram::kBins ? 1 : 0;
        }
    }
    sums.diff = hn::GetLane(hn::SumOfLanes(wide, totals[0]));
    sums.diffSquared = hn::GetLane(hn::SumOfLanes(wide, totals[1]));
    sums.value = hn::GetLane(hn::SumOfLanes(wide, totals[2]));
    sums.valueSquared = hn::GetLane(hn::SumOfLanes(wide, totals[3]));
    sums.maxAbsDiff = hn::GetLane(hn::MaxOfLanes(d, maxAbsDiff));
    sums.min = hn::GetLane(hn::MinOfLanes(d, min));
    sums.max = hn::GetLane(hn::MaxOfLanes(d, max));
    HWY_ALIGN std::int16_t counts[2 * kMostLanes];
    for (const auto &[vector, total] : {std::pair(below, &sums.below), std::pair(above, &sums.above)}) {
        hn::Store(vector, d16, counts);
        *total = std::accumulate(counts, counts + hn::Lanes(d16), *total);
    }
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

#define QL_OF_CODE(Name, Code)                                                                                                                              \
    void MeasurePiece##Name(const Code *codes, const float *floats, std::size_t count, const GridOfCodes &grid, float binsPerStep, std::uint8_t *errorBins, \
                            std::uint8_t *valueBins, PieceSums &sums)                                                                                       \
    {                                                                                                                                                       \
        MeasurePieceOf(codes, floats, count, grid, binsPerStep, errorBins, valueBins, sums);                                                                \
    }                                                                                                                                                       \
    void Reals##Name(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out) { RealsOf(codes, count, scale, zeroPoint, out); }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe {

#define QL_OF_CODE(Name) HWY_EXPORT(MeasurePiece##Name); HWY_EXPORT(Reals##Name);
QL_OF_CODE(Int8)
QL_OF_CODE(UInt8)
QL_OF_CODE(Int16)
#undef QL_OF_CODE

namespace {

/// The vector code for one type of codes.
template <typename Code> struct Vectors;
#define QL_OF_CODE(Name, Code)                                                             \
    template <> struct Vectors<Code> {                                                      \
        static auto measurePiece() { return HWY_DYNAMIC_DISPATCH(MeasurePiece##Name); }     \
        static auto reals() { return HWY_DYNAMIC_DISPATCH(Reals##Name); }                   \
    };
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

/// As std::count, but with sums as narrow as the codes for as long as they hold: those the compiler turns into vectors.
template <typename Code> std::uint64_t countEqual(const Code *codes, std::size_t count, Code wanted)
{
    using Narrow = std::make_unsigned_t<Code>;
    constexpr std::size_t kBlock = 240; // fits eight bits
    std::uint64_t total = 0;
    for (std::size_t first = 0; first < count; first += kBlock) {
        const std::size_t end = std::min(first + kBlock, count);
        Narrow found = 0;
        for (std::size_t i = first; i < end; ++i)
            found = static_cast<Narrow>(found + (codes[i] == wanted ? 1 : 0));
        total += found;
    }
    return total;
}

/// Bytes gathered until counting them is worth it.
class ByteQueue {
public:
    /// Where to write up to kPiece bytes.
    std::uint8_t *end() { return m_bytes + m_size; }
    void grow(std::size_t count)
    {
        m_size += count;
        if (m_size < kWorthwhile)
            return;
        m_counter.add(m_bytes, kWorthwhile);
        m_size -= kWorthwhile;
        std::memmove(m_bytes, m_bytes + kWorthwhile, m_size);
    }
    /// The counts of all bytes so far; then there are none.
    ByteCounts take()
    {
        m_counter.add(m_bytes, std::exchange(m_size, 0));
        return m_counter.take();
    }

private:
    static constexpr std::size_t kWorthwhile = 8192;

    ByteCounter m_counter;
    std::size_t m_size = 0;
    std::uint8_t m_bytes[kWorthwhile + kPiece];
};

/// One tensor's error pass: its samples, piece by piece.
template <typename Code> class ErrorPass {
public:
    ErrorPass(const CodeGrid &grid, ErrorHistograms &histograms)
        : m_grid(grid), m_codes{static_cast<float>(grid.scale), grid.scale > 0.0 ? static_cast<float>(1.0 / grid.scale) : 0.0f, static_cast<std::int32_t>(grid.zeroPoint),
                                static_cast<std::int32_t>(grid.minCode), grid.codesPerBin == 1 ? 0 : 8},
          m_histograms(histograms), m_binsPerStep(std::ldexp(1.0f, -histograms.errorInLsb.exponent()))
    {
    }
    ~ErrorPass() { takeCounts(); }
    ErrorPass(const ErrorPass &) = delete;
    ErrorPass &operator=(const ErrorPass &) = delete;

    ErrorSums sample(const Code *codes, const float *floats, std::size_t count)
    {
        ErrorSums sums;
        sums.floatMin = std::numeric_limits<double>::infinity();
        sums.floatMax = -std::numeric_limits<double>::infinity();
        for (std::size_t i = 0; i < count; i += kPiece)
            piece(codes + i, floats + i, std::min(kPiece, count - i), sums);
        return sums;
    }

private:
    void piece(const Code *codes, const float *floats, std::size_t count, ErrorSums &sums)
    {
        PieceSums piece;
        m_measurePiece(codes, floats, count, m_codes, m_binsPerStep, m_errorBins.end(), m_valueBins.end(), piece);
        const float largest = piece.maxAbsDiff * m_codes.inverse;
        if (!piece.isExact() || !(largest < kLargestStep))
            return oneByOne(codes, floats, count, sums);
        if (widenErrors(static_cast<double>(largest))) { // the bins were too narrow: once more
            piece = {};
            m_measurePiece(codes, floats, count, m_codes, m_binsPerStep, m_errorBins.end(), m_valueBins.end(), piece);
        }
        m_errorBins.grow(count);
        m_valueBins.grow(count);
        m_below += piece.below;
        m_above += piece.above;
        sums.count += count;
        sums.diff += piece.diff;
        sums.diffSquared += piece.diffSquared;
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, static_cast<double>(piece.maxAbsDiff));
        sums.floatValue += piece.value;
        sums.floatSquared += piece.valueSquared;
        sums.floatMin = std::min(sums.floatMin, static_cast<double>(piece.min));
        sums.floatMax = std::max(sums.floatMax, static_cast<double>(piece.max));
    }

    /// What the vectors leave: values that are not finite, or out of the range in which floats can be squared.
    void oneByOne(const Code *codes, const float *floats, std::size_t count, ErrorSums &sums)
    {
        takeErrors(); // they are in the bins as they are now
        for (std::size_t i = 0; i < count; ++i) {
            const float difference = static_cast<float>(codes[i] - m_codes.zeroPoint) * m_codes.scale - floats[i];
            const auto diff = static_cast<double>(difference);
            const auto value = static_cast<double>(floats[i]);
            if (!std::isfinite(diff)) {
                ++sums.notFinite;
                continue;
            }
            ++sums.count;
            sums.diff += diff;
            sums.diffSquared += diff * diff;
            sums.maxAbsDiff = std::max(sums.maxAbsDiff, std::abs(diff));
            sums.floatValue += value;
            sums.floatSquared += value * value;
            sums.floatMin = std::min(sums.floatMin, value);
            sums.floatMax = std::max(sums.floatMax, value);
            // The inverse of a scale that is nearly 0 is beyond float.
            const double steps = std::isfinite(m_codes.inverse) ? static_cast<double>(difference * m_codes.inverse) : diff / m_grid.scale;
            m_histograms.errorInLsb.add(steps);
            const double away = std::floor((std::floor(2.0 * std::clamp(steps, -5e5, 5e5)) + 1.0) / 2.0);
            m_histograms.floatValues.addCode(m_grid, codes[i] - static_cast<std::int64_t>(away));
        }
        m_binsPerStep = std::ldexp(1.0f, -m_histograms.errorInLsb.exponent());
    }

    /// True when the histogram's bins had to become wider for errors of `largest` steps.
    bool widenErrors(double largest)
    {
        GrowingHistogram &errors = m_histograms.errorInLsb;
        const int exponent = errors.exponentFor(largest);
        if (exponent == errors.exponent())
            return false;
        takeErrors();
        errors.growTo(exponent);
        m_binsPerStep = std::ldexp(1.0f, -errors.exponent());
        return true;
    }

    void takeErrors()
    {
        const ByteCounts counts = m_errorBins.take();
        for (int byte = 0; byte < GrowingHistogram::kBins; ++byte)
            m_histograms.errorInLsb.addCount((byte >> 1 ^ -(byte & 1)) + GrowingHistogram::kBinsPerSide, counts[static_cast<std::size_t>(byte)]);
    }
    void takeCounts()
    {
        takeErrors();
        m_histograms.floatValues.add(m_valueBins.take(), std::exchange(m_below, 0), std::exchange(m_above, 0));
    }

    static constexpr float kLargestStep = 1 << 20; ///< what the vector code can bin

    const CodeGrid &m_grid;
    GridOfCodes m_codes;
    ErrorHistograms &m_histograms;
    float m_binsPerStep;
    decltype(Vectors<Code>::measurePiece()) m_measurePiece = Vectors<Code>::measurePiece();
    ByteQueue m_errorBins;
    ByteQueue m_valueBins;
    std::uint64_t m_below = 0;
    std::uint64_t m_above = 0;
};

/// Counts bytes of codes, which are places in the type's range but for the sign.
template <typename Code> void addCounts(const ByteCounts &counts, const CodeGrid &grid, GridHistogram &histogram)
{
    for (std::size_t byte = 0; byte < counts.size(); ++byte) {
        const int place = sizeof(Code) == 1 ? static_cast<int>(static_cast<Code>(byte)) - static_cast<int>(grid.minCode) : static_cast<int>(byte);
        histogram.addBin(place, counts[byte]);
    }
}

} // namespace

void ErrorHistograms::merge(const ErrorHistograms &other)
{
    errorInLsb.merge(other.errorInLsb);
    floatValues.merge(other.floatValues);
}

template <typename Code>
void measureErrors(const SampleRows<Code> &codes, const SampleRows<float> &floats, std::size_t samples, std::size_t count, const CodeGrid &grid, ErrorHistograms &histograms,
                   ErrorSums *sums)
{
    ErrorPass<Code> pass(grid, histograms);
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const ErrorSums measured = pass.sample(codes[sample], floats[sample], count);
        const auto atEnds = std::pair(sums[sample].atMinCode, sums[sample].atMaxCode);
        sums[sample] = measured;
        std::tie(sums[sample].atMinCode, sums[sample].atMaxCode) = atEnds;
    }
}

template <typename Code>
void countCodes(const SampleRows<Code> &codes, std::size_t samples, std::size_t count, const CodeGrid &grid, GridHistogram &histogram, ErrorSums *sums)
{
    ByteCounter counter;
    const bool isOneRun = samples == 1 || codes.stride == count * sizeof(Code);
    const std::size_t runs = isOneRun ? 1 : samples;
    const std::size_t runLength = isOneRun ? samples * count : count;
    for (std::size_t run = 0; run < runs; ++run) {
        const Code *const row = codes[run];
        if constexpr (sizeof(Code) == 1) {
            counter.add(reinterpret_cast<const std::uint8_t *>(row), runLength);
        } else {
            std::uint8_t bins[kPiece];
            for (std::size_t first = 0; first < runLength; first += kPiece) {
                const std::size_t part = std::min(kPiece, runLength - first);
                std::transform(row + first, row + first + part, bins, [](Code code) { return static_cast<std::uint8_t>((code + 32768) >> 8); });
                counter.add(bins, part);
            }
        }
    }
    const ByteCounts counts = counter.take();
    addCounts<Code>(counts, grid, histogram);
    if (sizeof(Code) == 1 && samples == 1) {
        sums->atMinCode = counts[static_cast<std::uint8_t>(std::numeric_limits<Code>::min())];
        sums->atMaxCode = counts[static_cast<std::uint8_t>(std::numeric_limits<Code>::max())];
        return;
    }
    for (std::size_t sample = 0; sample < samples; ++sample) {
        sums[sample].atMinCode = countEqual(codes[sample], count, std::numeric_limits<Code>::min());
        sums[sample].atMaxCode = countEqual(codes[sample], count, std::numeric_limits<Code>::max());
    }
}

template <typename Code> void realValues(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out)
{
    Vectors<Code>::reals()(codes, count, scale, zeroPoint, out);
}

#define QL_OF_CODE(Code)                                                                                                                                                             \
    template void measureErrors(const SampleRows<Code> &, const SampleRows<float> &, std::size_t, std::size_t, const CodeGrid &, ErrorHistograms &, ErrorSums *);                      \
    template void countCodes(const SampleRows<Code> &, std::size_t, std::size_t, const CodeGrid &, GridHistogram &, ErrorSums *);                                                      \
    template void realValues(const Code *, std::size_t, float, std::int32_t, float *);
QL_OF_CODE(std::int8_t)
QL_OF_CODE(std::uint8_t)
QL_OF_CODE(std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe

#endif
