// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/float_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/packing.h"
#include "kernels/simd/products.h"
#include "kernels/simd/vectors-inl.h"

#include <cassert>

#ifndef QUANTLOUPE_SIMD_FLOAT_PRODUCTS_ONCE
#define QUANTLOUPE_SIMD_FLOAT_PRODUCTS_ONCE

namespace quantloupe::simd {

/// Opens the packed operands to the kernels.
struct FloatProducts {
    static const float *panels(const FloatWeights &w) { return reinterpret_cast<const float *>(w.m_panels->data()); }
    static std::size_t columns(const FloatWeights &w) { return w.m_columns; }
    static const RowRuns &runs(const FloatWeights &w) { return w.m_runs; }
    static const float *bias(const FloatWeights &w) { return w.m_bias.data(); }
    static FloatClamp clamp(const FloatWeights &w) { return w.m_clamp; }
};

} // namespace quantloupe::simd

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

/// Where the sums of a panel go.
struct FloatTarget {
    const float *bias; ///< of the panel's columns
    VectorClamp clamp;
    float *out;
    std::size_t stride;
    std::size_t columns; ///< from the panel's first on
};

/// Tiles of `Rows` rows and `Vectors` vectors of columns from row `first` on, as many as there are before `end`; returns the
/// next row. A function of its own, so that sums stay in registers.
template <std::size_t Rows, std::size_t Vectors, typename Source>
HWY_NOINLINE std::size_t FloatTiles(const Source &given, std::size_t first, std::size_t end, const Runs &runs, const float *HWY_RESTRICT panel, const FloatTarget &target)
{
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    const Source source = given;
    // What the target says is read before the first store, which might change it for all the compiler knows.
    const VectorClamp clamp = target.clamp;
    const std::size_t stride = target.stride;
    const std::size_t columns = target.columns;
    const bool isWhole = columns >= Vectors * lanes;
    const std::size_t length = runs.length;
    const std::size_t runCount = Source::kIsOneRun ? 1 : runs.count;
    const std::int32_t *const offsets = runs.offsets;
    hn::Vec<Floats> added[Vectors];
#pragma GCC unroll 2
    for (std::size_t v = 0; v < Vectors; ++v)
        added[v] = hn::LoadU(d, target.bias + v * lanes);
    float *to = target.out + first * stride;
    for (; first + Rows <= end; first += Rows) {
        hn::Vec<Floats> sums[Rows][Vectors];
        const float *rows[Rows];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            rows[r] = source[first + r];
#pragma GCC unroll 2
            for (std::size_t v = 0; v < Vectors; ++v)
                sums[r][v] = hn::Zero(d);
        }
        const float *weightsAt = panel;
        for (std::size_t run = 0; run < runCount; ++run) {
            const float *at[Rows];
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r)
                at[r] = Source::kIsOneRun ? rows[r] : rows[r] + offsets[run];
            for (std::size_t k = 0; k < length; ++k, weightsAt += Vectors * lanes) {
                hn::Vec<Floats> weights[Vectors];
#pragma GCC unroll 2
                for (std::size_t v = 0; v < Vectors; ++v)
                    weights[v] = hn::Load(d, weightsAt + v * lanes);
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r) {
                    const auto value = hn::Set(d, at[r][k]);
#pragma GCC unroll 2
                    for (std::size_t v = 0; v < Vectors; ++v)
                        sums[r][v] = hn::MulAdd(value, weights[v], sums[r][v]);
                }
            }
        }
        if (HWY_LIKELY(isWhole)) {
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r, to += stride)
#pragma GCC unroll 2
                for (std::size_t v = 0; v < Vectors; ++v)
                    hn::StoreU(clamp(hn::Add(sums[r][v], added[v])), d, to + v * lanes);
            continue;
        }
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r, to += stride) {
            if (Vectors == 2)
                hn::StoreU(clamp(hn::Add(sums[r][0], added[0])), d, to);
            StoreFirst(clamp(hn::Add(sums[r][Vectors - 1], added[Vectors - 1])), columns - (Vectors - 1) * lanes, to + (Vectors - 1) * lanes);
        }
    }
    return first;
}

/// The same of at most half a vector of columns: a column has two lanes, one for even and one for odd elements of a run.
/// Two rows then make one vector.
template <std::size_t Rows, typename Source>
HWY_NOINLINE std::size_t FloatHalfTiles(const Source &given, std::size_t first, std::size_t end, const Runs &runs, const float *HWY_RESTRICT panel, const FloatTarget &target)
{
    const Floats d;
    const hn::RepartitionToWide<Floats> pairs;
    const hn::RebindToUnsigned<decltype(pairs)> pairBits;
    const std::size_t lanes = hn::Lanes(d);
    const Source source = given;
    const VectorClamp clamp = target.clamp;
    const std::size_t stride = target.stride;
    const std::size_t columns = target.columns;
    const bool isWhole = columns == lanes / 2 && stride == lanes / 2;
    const std::size_t length = runs.length;
    const std::size_t runCount = Source::kIsOneRun ? 1 : runs.count;
    const std::int32_t *const offsets = runs.offsets;
    const auto added = hn::LoadU(d, target.bias);
    float *to = target.out + first * stride;
    for (; first + Rows <= end; first += Rows) {
        hn::Vec<Floats> sums[Rows];
        const float *rows[Rows];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            rows[r] = source[first + r];
            sums[r] = hn::Zero(d);
        }
        const float *weightsAt = panel;
        for (std::size_t run = 0; run < runCount; ++run) {
            const float *at[Rows];
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r)
                at[r] = Source::kIsOneRun ? rows[r] : rows[r] + offsets[run];
            std::size_t k = 0;
            for (; k + 2 <= length; k += 2, weightsAt += lanes) {
                const auto weights = hn::Load(d, weightsAt);
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r) {
                    double pair;
                    std::memcpy(&pair, at[r] + k, sizeof pair);
                    sums[r] = hn::MulAdd(hn::BitCast(d, hn::Set(pairs, pair)), weights, sums[r]);
                }
            }
            if (k < length) {
                const auto weights = hn::Load(d, weightsAt);
                weightsAt += lanes;
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r) { // 0 beyond the run, not what lies there: it might be no number
                    std::uint32_t bits;
                    std::memcpy(&bits, at[r] + k, sizeof bits);
                    sums[r] = hn::MulAdd(hn::BitCast(d, hn::Set(pairBits, std::uint64_t{bits})), weights, sums[r]);
                }
            }
        }
#pragma GCC unroll 4
        for (std::size_t r = 0; r < Rows; r += 2, to += 2 * stride) {
            const auto next = sums[Rows > 1 ? r + 1 : 0];
            const auto total = hn::Add(hn::ConcatEven(d, next, sums[r]), hn::ConcatOdd(d, next, sums[r]));
            const auto value = clamp(hn::Add(total, added));
            if (Rows > 1 && isWhole) {
                hn::StoreU(value, d, to);
                continue;
            }
            StoreFirst(value, columns, to);
            if (Rows > 1)
                StoreFirst(hn::ConcatUpperUpper(d, value, value), columns, to + stride);
        }
    }
    return first;
}

template <typename Source> HWY_INLINE void MultiplyPanels(const FloatWeights &weights, const Source &source, std::size_t count, float *out, std::size_t outStride)
{
    const std::size_t lanes = hn::Lanes(Floats());
    const std::size_t columns = FloatProducts::columns(weights);
    const RowRuns &rowRuns = FloatProducts::runs(weights);
    const std::size_t depth = rowRuns.depth();
    const Runs runs{rowRuns.offsets.data(), rowRuns.offsets.size(), rowRuns.length};
    for (std::size_t c = 0; c < columns; c += 2 * lanes) {
        const std::size_t left = columns - c;
        const float *const panel = FloatProducts::panels(weights) + c * depth;
        const FloatTarget target{FloatProducts::bias(weights) + c, VectorClamp(FloatProducts::clamp(weights)), out + c, outStride, left};
        const auto two = [&]<std::size_t Rows>(std::size_t first, std::size_t end) HWY_ATTR { return FloatTiles<Rows, 2>(source, first, end, runs, panel, target); };
        const auto one = [&]<std::size_t Rows>(std::size_t first, std::size_t end) HWY_ATTR { return FloatTiles<Rows, 1>(source, first, end, runs, panel, target); };
        const auto half = [&]<std::size_t Rows>(std::size_t first, std::size_t end) HWY_ATTR { return FloatHalfTiles<Rows>(source, first, end, runs, panel, target); };
        if (left > lanes)
            ForEachRowTile(count, two);
        else if (left > lanes / 2)
            ForEachRowTile<8>(count, one);
        else
            ForEachRowTile<8>(count, half);
    }
}

void MultiplyFloat(const FloatWeights &weights, const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride)
{
    const StridedRows<float> source{rows, rowStride};
    MultiplyPanels(weights, source, count, out, outStride);
}

void MultiplyPlacedFloat(const FloatWeights &weights, const float *rows, const std::int32_t *starts, std::size_t count, float *out, std::size_t outStride)
{
    const PlacedRows<float> source{rows, starts};
    MultiplyPanels(weights, source, count, out, outStride);
}

void MultiplyPlain(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out)
{
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    for (std::size_t r = 0; r < rows; ++r) {
        const float *const row = a + r * depth;
        std::size_t c = 0;
        for (; c + 4 * lanes <= columns; c += 4 * lanes) {
            auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
            for (std::size_t k = 0; k < depth; ++k) {
                const auto value = hn::Set(d, row[k]);
                const float *const weights = b + k * columns + c;
                s0 = hn::MulAdd(value, hn::LoadU(d, weights), s0);
                s1 = hn::MulAdd(value, hn::LoadU(d, weights + lanes), s1);
                s2 = hn::MulAdd(value, hn::LoadU(d, weights + 2 * lanes), s2);
                s3 = hn::MulAdd(value, hn::LoadU(d, weights + 3 * lanes), s3);
            }
            float *const to = out + r * columns + c;
            hn::StoreU(s0, d, to);
            hn::StoreU(s1, d, to + lanes);
            hn::StoreU(s2, d, to + 2 * lanes);
            hn::StoreU(s3, d, to + 3 * lanes);
        }
        for (; c < columns; c += lanes) {
            auto sum = hn::Zero(d);
            const std::size_t left = columns - c;
            const bool isWhole = left >= lanes;
            for (std::size_t k = 0; k < depth; ++k) {
                const float *const weights = b + k * columns + c;
                sum = hn::MulAdd(hn::Set(d, row[k]), isWhole ? hn::LoadU(d, weights) : LoadFirst(weights, left), sum);
            }
            if (isWhole)
                hn::StoreU(sum, d, out + r * columns + c);
            else
                StoreFirst(sum, left, out + r * columns + c);
        }
    }
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

HWY_EXPORT(MultiplyFloat);
HWY_EXPORT(MultiplyPlacedFloat);
HWY_EXPORT(MultiplyPlain);

FloatWeights::FloatWeights(std::span<const float> weights, std::size_t columns, RowRuns runs, std::span<const float> bias, FloatClamp clamp)
    : m_columns(columns), m_runs(std::move(runs)), m_bias(spread(bias, panelChannels(columns, true))), m_clamp(clamp),
      m_panels(packed<float>(weights, columns, m_runs.depth(), m_runs.length, 1, true))
{
}

void FloatWeights::multiply(const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride) const
{
    assert(m_runs.offsets.size() == 1);
    HWY_DYNAMIC_DISPATCH(MultiplyFloat)(*this, rows, count, rowStride, out, outStride);
}

void FloatWeights::multiply(const float *rows, std::span<const std::int32_t> starts, float *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyPlacedFloat)(*this, rows, starts.data(), starts.size(), out, outStride);
}

void floatProducts(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out)
{
    HWY_DYNAMIC_DISPATCH(MultiplyPlain)(a, rows, b, columns, depth, out);
}

} // namespace quantloupe::simd

#endif
