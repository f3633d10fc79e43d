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

/// A tile of `Rows` rows from row `first` on and `Vectors` vectors of columns.
template <std::size_t Rows, std::size_t Vectors>
HWY_INLINE void FloatTile(const RowSource<float> &source, std::size_t first, const Runs &runs, const float *HWY_RESTRICT panel, const FloatTarget &target)
{
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    hn::Vec<Floats> sums[Rows][Vectors];
    const float *rows[Rows];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
        rows[r] = source[first + r];
#pragma GCC unroll 2
        for (std::size_t v = 0; v < Vectors; ++v)
            sums[r][v] = hn::Zero(d);
    }
    for (std::size_t run = 0; run < runs.count; ++run) {
        const std::ptrdiff_t offset = runs.offsets[run];
        const float *at[Rows];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r)
            at[r] = rows[r] + offset;
        for (std::size_t k = 0; k < runs.length; ++k, panel += Vectors * lanes) {
            hn::Vec<Floats> weights[Vectors];
#pragma GCC unroll 2
            for (std::size_t v = 0; v < Vectors; ++v)
                weights[v] = hn::Load(d, panel + v * lanes);
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r) {
                const auto value = hn::Set(d, at[r][k]);
#pragma GCC unroll 2
                for (std::size_t v = 0; v < Vectors; ++v)
                    sums[r][v] = hn::MulAdd(value, weights[v], sums[r][v]);
            }
        }
    }
#pragma GCC unroll 2
    for (std::size_t v = 0; v < Vectors; ++v) {
        const auto added = hn::LoadU(d, target.bias + v * lanes);
        const std::size_t left = target.columns - v * lanes;
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            const auto value = target.clamp(hn::Add(sums[r][v], added));
            float *const to = target.out + (first + r) * target.stride + v * lanes;
            if (left >= lanes)
                hn::StoreU(value, d, to);
            else
                StoreFirst(value, left, to);
        }
    }
}

/// The same of at most half a vector of columns: a column has two lanes, one for even and one for odd elements of a run.
/// Two rows then make one vector.
template <std::size_t Rows> HWY_INLINE void FloatHalfTile(const RowSource<float> &source, std::size_t first, const Runs &runs, const float *HWY_RESTRICT panel, const FloatTarget &target)
{
    const Floats d;
    const hn::RepartitionToWide<Floats> pairs;
    const hn::RebindToUnsigned<decltype(pairs)> pairBits;
    const std::size_t lanes = hn::Lanes(d);
    hn::Vec<Floats> sums[Rows];
    const float *rows[Rows];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r) {
        rows[r] = source[first + r];
        sums[r] = hn::Zero(d);
    }
    for (std::size_t run = 0; run < runs.count; ++run) {
        const std::ptrdiff_t offset = runs.offsets[run];
        const float *at[Rows];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r)
            at[r] = rows[r] + offset;
        std::size_t k = 0;
        for (; k + 2 <= runs.length; k += 2, panel += lanes) {
            const auto weights = hn::Load(d, panel);
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r) {
                double pair;
                std::memcpy(&pair, at[r] + k, sizeof pair);
                sums[r] = hn::MulAdd(hn::BitCast(d, hn::Set(pairs, pair)), weights, sums[r]);
            }
        }
        if (k < runs.length) {
            const auto weights = hn::Load(d, panel);
            panel += lanes;
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r) { // 0 beyond the run, not what lies there: it might be no number
                std::uint32_t bits;
                std::memcpy(&bits, at[r] + k, sizeof bits);
                sums[r] = hn::MulAdd(hn::BitCast(d, hn::Set(pairBits, std::uint64_t{bits})), weights, sums[r]);
            }
        }
    }
    const auto added = hn::LoadU(d, target.bias);
    const std::size_t half = lanes / 2;
#pragma GCC unroll 4
    for (std::size_t r = 0; r < Rows; r += 2) {
        const auto next = sums[Rows > 1 ? r + 1 : 0];
        const auto total = hn::Add(hn::ConcatEven(d, next, sums[r]), hn::ConcatOdd(d, next, sums[r]));
        const auto value = target.clamp(hn::Add(total, added));
        float *const to = target.out + (first + r) * target.stride;
        if (Rows > 1 && target.columns == half && target.stride == half) {
            hn::StoreU(value, d, to);
            continue;
        }
        StoreFirst(value, target.columns, to);
        if (Rows > 1)
            StoreFirst(hn::ConcatUpperUpper(d, value, value), target.columns, to + target.stride);
    }
}

template <std::size_t Vectors> HWY_NOINLINE void FloatPanel(const RowSource<float> &source, std::size_t count, const Runs &runs, const float *panel, const FloatTarget &target)
{
    ForEachRowTile(count, [&]<std::size_t Rows>(std::size_t first) HWY_ATTR { FloatTile<Rows, Vectors>(source, first, runs, panel, target); });
}

HWY_NOINLINE void FloatHalfPanel(const RowSource<float> &source, std::size_t count, const Runs &runs, const float *panel, const FloatTarget &target)
{
    ForEachRowTile(count, [&]<std::size_t Rows>(std::size_t first) HWY_ATTR { FloatHalfTile<Rows>(source, first, runs, panel, target); });
}

void MultiplyFloat(const FloatWeights &weights, const float *rows, std::size_t count, std::size_t rowStride, const std::int32_t *starts, float *out, std::size_t outStride)
{
    const std::size_t lanes = hn::Lanes(Floats());
    const std::size_t columns = FloatProducts::columns(weights);
    const RowRuns &rowRuns = FloatProducts::runs(weights);
    const std::size_t depth = rowRuns.depth();
    const RowSource<float> source{rows, rowStride, starts};
    const Runs runs{rowRuns.offsets.data(), rowRuns.offsets.size(), rowRuns.length};
    for (std::size_t c = 0; c < columns; c += 2 * lanes) {
        const std::size_t left = columns - c;
        const float *const panel = FloatProducts::panels(weights) + c * depth;
        const FloatTarget target{FloatProducts::bias(weights) + c, VectorClamp(FloatProducts::clamp(weights)), out + c, outStride, left};
        if (left > lanes)
            FloatPanel<2>(source, count, runs, panel, target);
        else if (left > lanes / 2)
            FloatPanel<1>(source, count, runs, panel, target);
        else
            FloatHalfPanel(source, count, runs, panel, target);
    }
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
HWY_EXPORT(MultiplyPlain);

FloatWeights::FloatWeights(std::span<const float> weights, std::size_t columns, RowRuns runs, std::span<const float> bias, FloatClamp clamp)
    : m_columns(columns), m_runs(std::move(runs)), m_bias(spread(bias, panelChannels(columns, true))), m_clamp(clamp),
      m_panels(packed<float>(weights, columns, m_runs.depth(), m_runs.length, 1, true))
{
}

void FloatWeights::multiply(const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyFloat)(*this, rows, count, rowStride, nullptr, out, outStride);
}

void FloatWeights::multiply(const float *rows, std::span<const std::int32_t> starts, float *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyFloat)(*this, rows, starts.size(), 0, starts.data(), out, outStride);
}

void floatProducts(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out)
{
    HWY_DYNAMIC_DISPATCH(MultiplyPlain)(a, rows, b, columns, depth, out);
}

} // namespace quantloupe::simd

#endif
