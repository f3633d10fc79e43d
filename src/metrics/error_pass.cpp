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
#include <tuple>
#include <type_traits>
#include <utility>

#ifndef QUANTLOUPE_ERROR_PASS_ONCE
#define QUANTLOUPE_ERROR_PASS_ONCE

namespace quantloupe {

/// Elements treated at a time: what is written of them for the counting stays in the first-level cache.
constexpr std::size_t kChunk = 1024;

/// A tensor's scale as the vector code takes it.
struct GridScale {
    float scale;
    float inverse;
    std::int32_t zeroPoint;
};

/// Sums of one chunk. They are taken in float over a few vectors at a time and in double over those.
struct ChunkSums {
    double diff = 0.0;
    double diffSquared = 0.0;
    double value = 0.0;
    double valueSquared = 0.0;
    float maxAbsDiff = 0.0f;
    float min = std::numeric_limits<float>::infinity();
    float max = -std::numeric_limits<float>::infinity();

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

template <typename Code> HWY_INLINE hn::Vec<Floats> LoadReals(const Code *codes, const GridScale &grid)
{
    return hn::Mul(hn::ConvertTo(Floats(), hn::Sub(LoadCodes(codes), hn::Set(Ints(), grid.zeroPoint))), hn::Set(Floats(), grid.scale));
}

/// Sums of `count` elements, and their errors in steps.
template <typename Code> void SumChunkOf(const Code *HWY_RESTRICT codes, const float *HWY_RESTRICT floats, std::size_t count, const GridScale &grid, float *HWY_RESTRICT steps, ChunkSums &sums)
{
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    constexpr std::size_t kVectors = 8; // added in float: their rounding is 1e-7 of the sum
    const auto inverse = hn::Set(d, grid.inverse);
    auto maxAbsDiff = hn::Zero(d);
    auto min = hn::Set(d, sums.min);
    auto max = hn::Set(d, sums.max);
    const hn::Half<Floats> half;
    const hn::Rebind<double, hn::Half<Floats>> wide;
    auto totals = std::array{hn::Zero(wide), hn::Zero(wide), hn::Zero(wide), hn::Zero(wide)};
    const auto addTo = [&](hn::Vec<decltype(wide)> &total, hn::Vec<Floats> part) HWY_ATTR {
        total = hn::Add(total, hn::Add(hn::PromoteTo(wide, hn::LowerHalf(half, part)), hn::PromoteTo(wide, hn::UpperHalf(half, part))));
    };
    std::size_t i = 0;
    while (i + lanes <= count) {
        auto diffSum = hn::Zero(d), diffSquared = diffSum, valueSum = diffSum, valueSquared = diffSum;
        const std::size_t end = std::min(i + kVectors * lanes, count);
        for (; i + lanes <= end; i += lanes) {
            const auto value = hn::LoadU(d, floats + i);
            // The difference is taken in float, as QuantizationDebugger's NumericVerify does.
            const auto diff = hn::Sub(LoadReals(codes + i, grid), value);
            hn::StoreU(hn::Mul(diff, inverse), d, steps + i);
            diffSum = hn::Add(diffSum, diff);
            diffSquared = hn::MulAdd(diff, diff, diffSquared);
            valueSum = hn::Add(valueSum, value);
            valueSquared = hn::MulAdd(value, value, valueSquared);
            maxAbsDiff = hn::Max(maxAbsDiff, hn::Abs(diff));
            min = hn::Min(min, value);
            max = hn::Max(max, value);
        }
        addTo(totals[0], diffSum);
        addTo(totals[1], diffSquared);
        addTo(totals[2], valueSum);
        addTo(totals[3], valueSquared);
    }
    sums.diff += hn::GetLane(hn::SumOfLanes(wide, totals[0]));
    sums.diffSquared += hn::GetLane(hn::SumOfLanes(wide, totals[1]));
    sums.value += hn::GetLane(hn::SumOfLanes(wide, totals[2]));
    sums.valueSquared += hn::GetLane(hn::SumOfLanes(wide, totals[3]));
    sums.maxAbsDiff = std::max(sums.maxAbsDiff, hn::GetLane(hn::MaxOfLanes(d, maxAbsDiff)));
    sums.min = hn::GetLane(hn::MinOfLanes(d, min));
    sums.max = hn::GetLane(hn::MaxOfLanes(d, max));
    for (; i < count; ++i) {
        const float value = floats[i];
        const float diff = static_cast<float>(codes[i] - grid.zeroPoint) * grid.scale - value;
        steps[i] = diff * grid.inverse;
        sums.diff += static_cast<double>(diff);
        sums.diffSquared += static_cast<double>(diff) * static_cast<double>(diff);
        sums.value += static_cast<double>(value);
        sums.valueSquared += static_cast<double>(value) * static_cast<double>(value);
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, std::abs(diff));
        sums.min = std::min(sums.min, value);
        sums.max = std::max(sums.max, value);
    }
}

/// Of `count` codes and errors: which bin of the growing histogram (of bins 2^exponent wide) each error falls into, and
/// which code lies nearest to the float value, less the smallest code, plus 1: 0 and one more than the last are beyond.
template <typename Code>
void BinChunkOf(const Code *HWY_RESTRICT codes, const float *HWY_RESTRICT steps, std::size_t count, int exponent, std::int32_t minCode, std::int32_t codeCount,
                std::int32_t codesPerBin, std::uint16_t *HWY_RESTRICT errorBins, std::uint16_t *HWY_RESTRICT valueBins)
{
    const Floats d;
    const Ints d32;
    const hn::Rebind<std::uint16_t, Ints> narrow;
    const std::size_t lanes = hn::Lanes(d);
    const float perBin = std::ldexp(1.0f, -exponent);
    const auto factor = hn::Set(d, perBin);
    const auto side = hn::Set(d32, GrowingHistogram::kBinsPerSide);
    const auto lowest = hn::Set(d, -1e6f); // beyond any code
    const auto highest = hn::Set(d, 1e6f);
    const auto two = hn::Set(d, 2.0f);
    const auto one = hn::Set(d32, 1);
    const auto offset = hn::Set(d32, 1 - minCode);
    const auto last = hn::Set(d32, codeCount + 1);
    const int perBinShift = codesPerBin == 256 ? 8 : 0;
    const auto bins = [&](hn::Vec<Floats> step, hn::Vec<Ints> code, std::uint16_t *error, std::uint16_t *value) HWY_ATTR {
        const auto bin = hn::Add(hn::ConvertTo(d32, hn::Floor(hn::Mul(step, factor))), side);
        hn::StoreU(hn::DemoteTo(narrow, bin), narrow, error);
        // Half steps, then whole ones: exact, and a function of the error's bin while bins are at most half a step wide.
        const auto halves = hn::ConvertTo(d32, hn::Floor(hn::Min(hn::Max(hn::Mul(step, two), lowest), highest)));
        const auto away = hn::ShiftRight<1>(hn::Add(halves, one));
        auto nearest = hn::Add(hn::Sub(code, away), offset);
        nearest = hn::Min(hn::Max(nearest, hn::Zero(d32)), last);
        if (perBinShift != 0) // 0 and last keep their meaning: bin + 1
            nearest = hn::ShiftRight<8>(hn::Add(nearest, hn::Set(d32, 255)));
        hn::StoreU(hn::DemoteTo(narrow, nearest), narrow, value);
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        bins(hn::LoadU(d, steps + i), LoadCodes(codes + i), errorBins + i, valueBins + i);
    if (i < count) { // the chunk's buffers have room for a vector more; so has a copy of the codes
        HWY_ALIGN Code rest[HWY_MAX_BYTES / sizeof(float)] = {};
        std::copy(codes + i, codes + count, rest);
        bins(hn::LoadU(d, steps + i), LoadCodes(rest), errorBins + i, valueBins + i);
    }
}

template <typename Code> void RealsOf(const Code *codes, std::size_t count, const GridScale &grid, float *out)
{
    const std::size_t lanes = hn::Lanes(Floats());
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        hn::StoreU(LoadReals(codes + i, grid), Floats(), out + i);
    for (; i < count; ++i)
        out[i] = static_cast<float>(codes[i] - grid.zeroPoint) * grid.scale;
}

#define QL_OF_CODE(Name, Code)                                                                                                                            \
    void SumChunk##Name(const Code *codes, const float *floats, std::size_t count, const GridScale &grid, float *steps, ChunkSums &sums)                    \
    {                                                                                                                                                       \
        SumChunkOf(codes, floats, count, grid, steps, sums);                                                                                                \
    }                                                                                                                                                       \
    void BinChunk##Name(const Code *codes, const float *steps, std::size_t count, int exponent, std::int32_t minCode, std::int32_t codeCount,               \
                        std::int32_t codesPerBin, std::uint16_t *errorBins, std::uint16_t *valueBins)                                                       \
    {                                                                                                                                                       \
        BinChunkOf(codes, steps, count, exponent, minCode, codeCount, codesPerBin, errorBins, valueBins);                                                   \
    }                                                                                                                                                       \
    void Reals##Name(const Code *codes, std::size_t count, const GridScale &grid, float *out) { RealsOf(codes, count, grid, out); }
QL_OF_CODE(Int8, std::int8_t)
QL_OF_CODE(UInt8, std::uint8_t)
QL_OF_CODE(Int16, std::int16_t)
#undef QL_OF_CODE

} // namespace quantloupe::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe {

#define QL_OF_CODE(Name) HWY_EXPORT(SumChunk##Name); HWY_EXPORT(BinChunk##Name); HWY_EXPORT(Reals##Name);
QL_OF_CODE(Int8)
QL_OF_CODE(UInt8)
QL_OF_CODE(Int16)
#undef QL_OF_CODE

namespace {

/// The vector code for one type of codes.
template <typename Code> struct Vectors;
#define QL_OF_CODE(Name, Code)                                                             \
    template <> struct Vectors<Code> {                                                      \
        static auto sumChunk() { return HWY_DYNAMIC_DISPATCH(SumChunk##Name); }             \
        static auto binChunk() { return HWY_DYNAMIC_DISPATCH(BinChunk##Name); }             \
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

/// Counts in several tables by turns: an increment does not wait for the one before it, which is often of the same bin.
template <std::size_t Bins> class Counters {
public:
    /// Bin is uint8 or uint16.
    template <typename Bin> void add(const Bin *bins, std::size_t count)
    {
        constexpr std::size_t kPerWord = sizeof(std::uint64_t) / sizeof(Bin);
        constexpr int kBits = 8 * sizeof(Bin);
        std::size_t i = 0;
        for (; i + kTables <= count; i += kTables) {
#pragma GCC unroll 2
            for (std::size_t word = 0; word < kTables / kPerWord; ++word) {
                std::uint64_t several;
                std::memcpy(&several, bins + i + word * kPerWord, sizeof several);
#pragma GCC unroll 8
                for (std::size_t b = 0; b < kPerWord; ++b)
                    ++m_tables[word * kPerWord + b][several >> (kBits * static_cast<int>(b)) & ((1u << kBits) - 1)];
            }
        }
        for (; i < count; ++i)
            ++m_tables[0][bins[i]];
    }
    /// f(bin, count) for every bin that was met; then all are 0 again.
    template <typename F> void take(F &&f)
    {
        std::uint64_t totals[Bins] = {};
        for (const auto &table : m_tables)
            for (std::size_t bin = 0; bin < Bins; ++bin)
                totals[bin] += table[bin];
        for (std::size_t bin = 0; bin < Bins; ++bin)
            if (totals[bin] != 0)
                f(bin, totals[bin]);
        std::memset(m_tables, 0, sizeof m_tables);
    }

private:
    static constexpr std::size_t kTables = 8;
    std::uint32_t m_tables[kTables][Bins] = {};
};

/// One tensor's error pass: its samples, chunk by chunk.
template <typename Code> class ErrorPass {
public:
    ErrorPass(const CodeGrid &grid, ErrorHistograms &histograms)
        : m_grid(grid), m_scale{static_cast<float>(grid.scale), grid.scale > 0.0 ? static_cast<float>(1.0 / grid.scale) : 0.0f, static_cast<std::int32_t>(grid.zeroPoint)}, m_histograms(histograms)
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
        for (std::size_t i = 0; i < count; i += kChunk)
            chunk(codes + i, floats + i, std::min(kChunk, count - i), sums);
        return sums;
    }

private:
    static constexpr std::size_t kSlack = 16; ///< the widest vector of 32-bit lanes

    void chunk(const Code *codes, const float *floats, std::size_t count, ErrorSums &sums)
    {
        ChunkSums chunk;
        m_sumChunk(codes, floats, count, m_scale, m_steps, chunk);
        const float largest = chunk.maxAbsDiff * m_scale.inverse;
        if (!chunk.isExact() || !(largest < kLargestStep))
            return oneByOne(codes, floats, count, sums);
        sums.count += count;
        sums.diff += chunk.diff;
        sums.diffSquared += chunk.diffSquared;
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, static_cast<double>(chunk.maxAbsDiff));
        sums.floatValue += chunk.value;
        sums.floatSquared += chunk.valueSquared;
        sums.floatMin = std::min(sums.floatMin, static_cast<double>(chunk.min));
        sums.floatMax = std::max(sums.floatMax, static_cast<double>(chunk.max));

        GrowingHistogram &errors = m_histograms.errorInLsb;
        if (const int exponent = errors.exponentFor(static_cast<double>(largest)); exponent > errors.exponent()) {
            takeCounts();
            errors.growTo(exponent);
        }
        m_binChunk(codes, m_steps, count, errors.exponent(), static_cast<std::int32_t>(m_grid.minCode), GridHistogram::kBins * m_grid.codesPerBin, m_grid.codesPerBin, m_errorBins, m_valueBins);
        m_errorCounts.add(m_errorBins, count);
        m_valueCounts.add(m_valueBins, count);
    }

    /// What the vectors leave: values that are not finite, or out of the range in which floats can be squared.
    void oneByOne(const Code *codes, const float *floats, std::size_t count, ErrorSums &sums)
    {
        for (std::size_t i = 0; i < count; ++i) {
            const float difference = static_cast<float>(codes[i] - m_scale.zeroPoint) * m_scale.scale - floats[i];
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
            const double steps = static_cast<double>(difference * m_scale.inverse);
            if (m_histograms.errorInLsb.exponentFor(std::abs(steps)) > m_histograms.errorInLsb.exponent())
                takeCounts();
            m_histograms.errorInLsb.add(steps);
            const double away = std::floor((std::floor(2.0 * std::clamp(steps, -5e5, 5e5)) + 1.0) / 2.0);
            m_histograms.floatValues.addCode(m_grid, codes[i] - static_cast<std::int64_t>(away));
        }
    }

    void takeCounts()
    {
        m_errorCounts.take([&](std::size_t bin, std::uint64_t count) { m_histograms.errorInLsb.addCount(static_cast<int>(bin), count); });
        m_valueCounts.take([&](std::size_t bin, std::uint64_t count) {
            m_histograms.floatValues.addBin(static_cast<int>(bin) - 1, count);
        });
    }

    static constexpr float kLargestStep = 1e9f; ///< what the bins of the vector code are made for

    const CodeGrid &m_grid;
    GridScale m_scale;
    ErrorHistograms &m_histograms;
    decltype(Vectors<Code>::sumChunk()) m_sumChunk = Vectors<Code>::sumChunk();
    decltype(Vectors<Code>::binChunk()) m_binChunk = Vectors<Code>::binChunk();
    float m_steps[kChunk + kSlack] = {};
    std::uint16_t m_errorBins[kChunk + kSlack];
    std::uint16_t m_valueBins[kChunk + kSlack];
    Counters<GrowingHistogram::kBins> m_errorCounts;
    Counters<GridHistogram::kBins + 2> m_valueCounts;
};

} // namespace

void GrowingHistogram::add(double value)
{
    const int exponent = std::isfinite(value) ? exponentFor(std::abs(value)) : kMaxExponent + 1;
    if (exponent > kMaxExponent) {
        ++m_beyond;
        return;
    }
    growTo(exponent);
    ++m_counts[static_cast<int>(std::floor(std::ldexp(value, -m_exponent))) + kBinsPerSide];
}

int GrowingHistogram::exponentFor(double largest) const
{
    int exponent = m_exponent;
    while (exponent <= kMaxExponent && largest >= std::ldexp(static_cast<double>(kBinsPerSide), exponent))
        ++exponent;
    return exponent;
}

void GrowingHistogram::growTo(int exponent)
{
    for (; m_exponent < exponent; ++m_exponent) {
        std::uint64_t wider[2 * kBinsPerSide] = {};
        for (int i = 0; i < 2 * kBinsPerSide; ++i)
            wider[((i - kBinsPerSide) >> 1) + kBinsPerSide] += m_counts[i]; // bins i and i + 1 join, rounding towards minus infinity
        std::copy(std::begin(wider), std::end(wider), m_counts);
    }
}

void GrowingHistogram::merge(const GrowingHistogram &other)
{
    GrowingHistogram aligned = other;
    aligned.growTo(m_exponent);
    growTo(aligned.m_exponent);
    for (int i = 0; i < 2 * kBinsPerSide; ++i)
        m_counts[i] += aligned.m_counts[i];
    m_beyond += aligned.m_beyond;
}

Histogram GrowingHistogram::histogram() const
{
    const double width = std::ldexp(1.0, m_exponent);
    return {-kBinsPerSide * width, width, {std::begin(m_counts), std::end(m_counts)}, 0, m_beyond};
}

CodeGrid CodeGrid::of(float scale, std::int64_t zeroPoint, std::int64_t minCode, std::int64_t maxCode)
{
    return {static_cast<double>(scale), zeroPoint, minCode, static_cast<int>((maxCode - minCode + GridHistogram::kBins) / GridHistogram::kBins)};
}

void GridHistogram::merge(const GridHistogram &other)
{
    for (int i = 0; i < kBins; ++i)
        m_counts[i] += other.m_counts[i];
    m_below += other.m_below;
    m_above += other.m_above;
}

Histogram GridHistogram::histogram(const CodeGrid &grid) const
{
    const double width = grid.scale * grid.codesPerBin;
    return {(static_cast<double>(grid.minCode - grid.zeroPoint) - 0.5) * grid.scale, width, {std::begin(m_counts), std::end(m_counts)}, m_below, m_above};
}

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
    Counters<GridHistogram::kBins> counters;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        const Code *const row = codes[sample];
        sums[sample].atMinCode = countEqual(row, count, std::numeric_limits<Code>::min());
        sums[sample].atMaxCode = countEqual(row, count, std::numeric_limits<Code>::max());
        if constexpr (sizeof(Code) == 1) {
            counters.add(reinterpret_cast<const std::uint8_t *>(row), count);
        } else {
            std::uint16_t bins[kChunk];
            for (std::size_t first = 0; first < count; first += kChunk) {
                const std::size_t part = std::min(kChunk, count - first);
                std::transform(row + first, row + first + part, bins, [](Code code) { return static_cast<std::uint16_t>((code + 32768) >> 8); });
                counters.add(bins, part);
            }
        }
    }
    counters.take([&](std::size_t bin, std::uint64_t found) {
        const int place = sizeof(Code) == 1 ? static_cast<int>(static_cast<Code>(bin)) - static_cast<int>(grid.minCode) : static_cast<int>(bin);
        histogram.addBin(place, found);
    });
}

template <typename Code> void realValues(const Code *codes, std::size_t count, float scale, std::int32_t zeroPoint, float *out)
{
    Vectors<Code>::reals()(codes, count, {scale, 1.0f, zeroPoint}, out);
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
