// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/code_products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/code_dots-inl.h"
#include "kernels/simd/packing.h"
#include "kernels/simd/products.h"
#include "kernels/simd/requantize-inl.h"
#include "kernels/simd/vectors-inl.h"

#include <algorithm>

#ifndef QUANTLOUPE_SIMD_CODE_PRODUCTS_ONCE
#define QUANTLOUPE_SIMD_CODE_PRODUCTS_ONCE

namespace quantloupe::simd {

/// Opens the packed operands to the kernels.
struct CodeProducts {
    static const std::int32_t *panels(const CodeWeights &w) { return reinterpret_cast<const std::int32_t *>(w.m_panels->data()); }
    static std::size_t columns(const CodeWeights &w) { return w.m_columns; }
    static const RowRuns &runs(const CodeWeights &w) { return w.m_runs; }
    static const ChannelTable &table(const CodeWeights &w) { return *w.m_table; }
};

/// The longest depth whose products of int16 codes and 9-bit weights still fit 32 bits together.
constexpr std::size_t kNarrowDepth = 256;
constexpr std::int32_t kNoOffset = 0;

} // namespace quantloupe::simd

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

/// Tiles of `Rows` rows and `Vectors` vectors of columns from row `first` on, as many as there are before `end`; returns the
/// next row. store.Start(vector) is what sums start from, store(row, vector, sum) takes them.
template <typename Dot, std::size_t Rows, std::size_t Vectors, typename Source, typename Store>
HWY_NOINLINE std::size_t CodeTiles(const Source &given, std::size_t first, std::size_t end, const Runs &runs, const std::int32_t *HWY_RESTRICT panel, const Store &store)
{
    const Sums d;
    const std::size_t lanes = hn::Lanes(d);
    const Source source = given;
    const std::size_t groups = runs.length / Dot::kGroup;
    const std::size_t left = runs.length % Dot::kGroup;
    const std::size_t runCount = Source::kIsOneRun ? 1 : runs.count;
    const std::int32_t *const offsets = runs.offsets;
    for (; first + Rows <= end; first += Rows) {
        Accumulator sums[Rows][Vectors];
        const typename Dot::Row *rows[Rows];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            rows[r] = source[first + r];
#pragma GCC unroll 2
            for (std::size_t v = 0; v < Vectors; ++v)
                sums[r][v] = {store.Start(v), hn::Zero(d)};
        }
        const std::int32_t *weightsAt = panel;
        for (std::size_t run = 0; run < runCount; ++run) {
            const typename Dot::Row *at[Rows];
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r)
                at[r] = Source::kIsOneRun ? rows[r] : rows[r] + offsets[run];
            for (std::size_t k = 0; k < groups; ++k, weightsAt += Vectors * lanes) {
                hn::Vec<Sums> weights[Vectors];
#pragma GCC unroll 2
                for (std::size_t v = 0; v < Vectors; ++v)
                    weights[v] = hn::Load(d, weightsAt + v * lanes);
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r) {
                    const auto value = Dot::Broadcast(at[r] + k * Dot::kGroup);
#pragma GCC unroll 2
                    for (std::size_t v = 0; v < Vectors; ++v)
                        Dot::Add(sums[r][v], value, weights[v]);
                }
            }
            if (left != 0) {
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r) {
                    const auto value = Dot::BroadcastTail(at[r] + groups * Dot::kGroup, left);
#pragma GCC unroll 2
                    for (std::size_t v = 0; v < Vectors; ++v)
                        Dot::Add(sums[r][v], value, hn::Load(d, weightsAt + v * lanes));
                }
                weightsAt += Vectors * lanes;
            }
        }
#pragma GCC unroll 2
        for (std::size_t v = 0; v < Vectors; ++v)
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r)
                store(first + r, v, Dot::Total(sums[r][v]));
    }
    return first;
}

/// The same of at most half a vector of columns: a column has two lanes, which take groups by turns. Two rows then make
/// one vector: store.Two(row, sum) takes both, store.One(row, sum) the lower.
template <typename Dot, std::size_t Rows, typename Source, typename Store>
HWY_NOINLINE std::size_t CodeHalfTiles(const Source &given, std::size_t first, std::size_t end, const Runs &runs, const std::int32_t *HWY_RESTRICT panel, const Store &store)
{
    constexpr std::size_t kStep = 2 * Dot::kGroup;
    const Sums d;
    const std::size_t lanes = hn::Lanes(d);
    const Source source = given;
    const std::size_t steps = runs.length / kStep;
    const std::size_t left = runs.length % kStep;
    const std::size_t runCount = Source::kIsOneRun ? 1 : runs.count;
    const std::int32_t *const offsets = runs.offsets;
    for (; first + Rows <= end; first += Rows) {
        Accumulator sums[Rows];
        const typename Dot::Row *rows[Rows];
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            rows[r] = source[first + r];
            sums[r] = {hn::Zero(d), hn::Zero(d)};
        }
        const std::int32_t *weightsAt = panel;
        for (std::size_t run = 0; run < runCount; ++run) {
            const typename Dot::Row *at[Rows];
#pragma GCC unroll 8
            for (std::size_t r = 0; r < Rows; ++r)
                at[r] = Source::kIsOneRun ? rows[r] : rows[r] + offsets[run];
            for (std::size_t k = 0; k < steps; ++k, weightsAt += lanes) {
                const auto weights = hn::Load(d, weightsAt);
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r)
                    Dot::Add(sums[r], Dot::BroadcastTwo(at[r] + k * kStep), weights);
            }
            if (left != 0) {
                const auto weights = hn::Load(d, weightsAt);
                weightsAt += lanes;
#pragma GCC unroll 8
                for (std::size_t r = 0; r < Rows; ++r)
                    Dot::Add(sums[r], Dot::BroadcastTwoTail(at[r] + steps * kStep, left), weights);
            }
        }
#pragma GCC unroll 4
        for (std::size_t r = 0; r < Rows; r += 2) {
            const auto one = Dot::Total(sums[r]);
            const auto other = Dot::Total(sums[Rows > 1 ? r + 1 : 0]);
            const auto total = hn::Add(hn::ConcatEven(d, other, one), hn::ConcatOdd(d, other, one));
            if (Rows > 1)
                store.Two(first + r, total);
            else
                store.One(first + r, total);
        }
    }
    return first;
}

template <typename Dot, std::size_t Vectors, typename Source, typename Store>
HWY_INLINE void CodePanel(const Source &source, std::size_t count, const Runs &runs, const std::int32_t *panel, const Store &store)
{
    const auto tiles = [&]<std::size_t Rows>(std::size_t first, std::size_t end) HWY_ATTR { return CodeTiles<Dot, Rows, Vectors>(source, first, end, runs, panel, store); };
    constexpr std::size_t kLongRow = 64;
    if (Vectors == 1)
        ForEachRowTile<8>(count, tiles);
    else if (kTallTileRows != kTileRows && runs.count * runs.length >= kLongRow)
        ForEachRowTile<kTallTileRows>(count, tiles);
    else
        ForEachRowTile(count, tiles);
}

template <typename Dot, typename Source, typename Store>
HWY_INLINE void CodeHalfPanel(const Source &source, std::size_t count, const Runs &runs, const std::int32_t *panel, const Store &store)
{
    ForEachRowTile<8>(count, [&]<std::size_t Rows>(std::size_t first, std::size_t end) HWY_ATTR { return CodeHalfTiles<Dot, Rows>(source, first, end, runs, panel, store); });
}

/// Writes the sums of one panel as codes.
template <typename Code, std::size_t Vectors> class CodeStore {
public:
    HWY_INLINE CodeStore(const ChannelTable &table, std::size_t first, std::size_t columns, Code *out, std::size_t outStride)
        : m_scaling{{table, first}, {table, first + (Vectors - 1) * hn::Lanes(Sums())}}, m_out(out + first), m_stride(outStride), m_columns(columns - first)
    {
    }

    HWY_INLINE hn::Vec<Sums> Start(std::size_t v) const { return m_scaling[v].constant(); }
    HWY_INLINE void operator()(std::size_t r, std::size_t v, hn::Vec<Sums> sum) const
    {
        const std::size_t column = v * hn::Lanes(Sums());
        StoreCodes(m_scaling[v](sum), m_out + r * m_stride + column, m_columns - column);
    }
    HWY_INLINE void One(std::size_t r, hn::Vec<Sums> sum) const { StoreCodes(m_scaling[0](hn::Add(sum, m_scaling[0].constant())), m_out + r * m_stride, m_columns); }
    HWY_INLINE void Two(std::size_t r, hn::Vec<Sums> sum) const
    {
        const Sums d;
        const std::size_t half = hn::Lanes(d) / 2;
        const auto codes = m_scaling[0](hn::Add(sum, m_scaling[0].constant()));
        Code *const to = m_out + r * m_stride;
        if (m_columns == half && m_stride == half)
            return StoreCodes(codes, to, 2 * half);
        StoreCodes(codes, to, m_columns);
        StoreCodes(hn::ConcatUpperUpper(d, codes, codes), to + m_stride, m_columns);
    }

private:
    ChannelScaling<Sums> m_scaling[2];
    Code *m_out;
    std::size_t m_stride;
    std::size_t m_columns; ///< from the panel's first on
};

struct SumStore {
    std::int32_t *out; ///< rows of whole vectors
    std::size_t outStride;

    HWY_INLINE hn::Vec<Sums> Start(std::size_t) const { return hn::Zero(Sums()); }
    HWY_INLINE void operator()(std::size_t r, std::size_t v, hn::Vec<Sums> sum) const { hn::StoreU(sum, Sums(), out + r * outStride + v * hn::Lanes(Sums())); }
};

/// Where a multiplication reads and writes; strides in elements.
struct CodeOperands {
    const void *rows;
    std::size_t count;
    std::size_t rowStride;
    const std::int32_t *starts; ///< null: by stride
    void *out;
    std::size_t outStride;
};

template <typename Dot, typename Code, typename Source> HWY_NOINLINE void MultiplyRows(const CodeWeights &weights, const Source &source, const CodeOperands &operands)
{
    const std::size_t lanes = hn::Lanes(Sums());
    const std::size_t columns = CodeProducts::columns(weights);
    const RowRuns &rowRuns = CodeProducts::runs(weights);
    const std::size_t groups = rowRuns.offsets.size() * ((rowRuns.length + Dot::kGroup - 1) / Dot::kGroup);
    const Runs runs{rowRuns.offsets.data(), rowRuns.offsets.size(), rowRuns.length};
    const ChannelTable &table = CodeProducts::table(weights);
    auto *const out = static_cast<Code *>(operands.out);
    for (std::size_t c = 0; c < columns; c += 2 * lanes) {
        const std::int32_t *const panel = CodeProducts::panels(weights) + c * groups;
        if (columns - c > lanes)
            CodePanel<Dot, 2>(source, operands.count, runs, panel, CodeStore<Code, 2>(table, c, columns, out, operands.outStride));
        else if (columns - c > lanes / 2)
            CodePanel<Dot, 1>(source, operands.count, runs, panel, CodeStore<Code, 1>(table, c, columns, out, operands.outStride));
        else
            CodeHalfPanel<Dot>(source, operands.count, runs, panel, CodeStore<Code, 1>(table, c, columns, out, operands.outStride));
    }
}

template <typename Dot, typename Code> void MultiplyBy(const CodeWeights &weights, const CodeOperands &operands)
{
    const auto *const rows = static_cast<const typename Dot::Row *>(operands.rows);
    if (operands.starts)
        MultiplyRows<Dot, Code>(weights, PlacedRows<typename Dot::Row>{rows, operands.starts}, operands);
    else
        MultiplyRows<Dot, Code>(weights, StridedRows<typename Dot::Row>{rows, operands.rowStride}, operands);
}

template <typename Code> void MultiplyAs(const CodeWeights &weights, const CodeOperands &operands)
{
#if HWY_TARGET == HWY_AVX3
    if (weights.readsCodes())
        return MultiplyBy<ByteProducts, Code>(weights, operands);
#endif
    MultiplyBy<PairProducts, Code>(weights, operands);
}

void MultiplyCodes(const CodeWeights &weights, const void *rows, std::size_t count, std::size_t rowStride, const std::int32_t *starts, void *out, std::size_t outStride)
{
    const CodeOperands operands{rows, count, rowStride, starts, out, outStride};
    switch (CodeProducts::table(weights).type) {
    case DataType::UInt8: return MultiplyAs<std::uint8_t>(weights, operands);
    case DataType::Int16: return MultiplyAs<std::int16_t>(weights, operands);
    default: return MultiplyAs<std::int8_t>(weights, operands);
    }
}

/// 64-bit sums: blocks of a depth that 32 bits hold, added up.
void SumCodes(const CodeWeights &weights, const std::int16_t *rows, std::size_t count, std::size_t rowStride, std::int64_t *out)
{
    const std::size_t lanes = hn::Lanes(Sums());
    const std::size_t columns = CodeProducts::columns(weights);
    const std::size_t depth = CodeProducts::runs(weights).length;
    const std::size_t groups = (depth + 1) / 2;
    const std::int32_t *const panels = CodeProducts::panels(weights);
    HWY_ALIGN std::int32_t block[4 * 2 * HWY_MAX_BYTES / sizeof(std::int32_t)];
    std::fill_n(out, count * columns, std::int64_t{0});
    for (std::size_t c = 0; c < columns; c += 2 * lanes) {
        const std::size_t vectors = columns - c > lanes ? 2 : 1;
        const std::size_t width = std::min(columns - c, vectors * lanes);
        for (std::size_t r = 0; r < count; r += 4) {
            const std::size_t tile = std::min<std::size_t>(4, count - r);
            for (std::size_t k = 0; k < depth; k += kNarrowDepth) {
                const std::int32_t *const panel = panels + c * groups + k / 2 * vectors * lanes;
                const std::size_t span = std::min(kNarrowDepth, depth - k);
                const StridedRows<std::int16_t> source{rows + r * rowStride + k, rowStride};
                const Runs runs{&kNoOffset, 1, span};
                const SumStore store{block, vectors * lanes};
                if (vectors == 2)
                    CodePanel<PairProducts, 2>(source, tile, runs, panel, store);
                else
                    CodePanel<PairProducts, 1>(source, tile, runs, panel, store);
                for (std::size_t i = 0; i < tile; ++i)
                    for (std::size_t j = 0; j < width; ++j)
                        out[(r + i) * columns + c + j] += block[i * vectors * lanes + j];
            }
        }
    }
}

HWY_INLINE std::int32_t Dot(const std::int16_t *a, const std::int16_t *b, std::size_t depth)
{
    const Shorts d;
    const Sums d32;
    const std::size_t lanes = hn::Lanes(d);
    auto even = hn::Zero(d32);
    auto odd = hn::Zero(d32);
    std::size_t k = 0;
    for (; k + lanes <= depth; k += lanes)
        even = hn::ReorderWidenMulAccumulate(d32, hn::LoadU(d, a + k), hn::LoadU(d, b + k), even, odd);
    auto sum = static_cast<std::uint32_t>(hn::GetLane(hn::SumOfLanes(d32, hn::Add(even, odd))));
    for (; k < depth; ++k)
        sum += static_cast<std::uint32_t>(std::int32_t{a[k]} * std::int32_t{b[k]});
    return static_cast<std::int32_t>(sum);
}

void DotProducts(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out)
{
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            out[r * columns + c] = Dot(a + r * depth, b + c * depth, depth);
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

HWY_EXPORT(MultiplyCodes);
HWY_EXPORT(SumCodes);
HWY_EXPORT(DotProducts);

namespace {

/// The largest that an element of a row gets: a code of 8 bits less its zero point, or 128 more than it; of 16 bits.
std::int64_t largestInput(DataType type)
{
    return type == DataType::Int16 ? 65535 : 255;
}

} // namespace

CodeWeights::CodeWeights(std::span<const std::int16_t> weights, std::size_t columns, RowRuns runs, DataType input, std::int32_t inputZeroPoint, std::span<const std::int64_t> bias,
                         const CodeScaling &scaling, bool isWide)
    : m_columns(columns), m_runs(std::move(runs)), m_readsCodes(false)
{
    const bool areBytes = std::ranges::all_of(weights, [](std::int16_t weight) { return weight >= -128 && weight <= 127; });
    const std::size_t depth = m_runs.depth();
    m_readsCodes = input == DataType::Int8 && areBytes && !isWide && hasByteProducts();
    m_panels = m_readsCodes ? packed<std::int8_t>(weights, columns, depth, m_runs.length, 4, true) : packed<std::int16_t>(weights, columns, depth, m_runs.length, 2, !isWide);
    if (!isWide)
        m_table = std::make_shared<const ChannelTable>(scaling, ChannelConstants::of(weights, columns, depth, 1, depth, m_readsCodes ? inputZeroPoint + 128 : 0, bias, largestInput(input)),
                                                       panelChannels(columns, true));
}

void CodeWeights::multiply(const void *rows, std::size_t count, std::size_t rowStride, void *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyCodes)(*this, rows, count, rowStride, nullptr, out, outStride);
}

void CodeWeights::multiply(const void *rows, std::span<const std::int32_t> starts, void *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyCodes)(*this, rows, starts.size(), 0, starts.data(), out, outStride);
}

void CodeWeights::sums(const std::int16_t *rows, std::size_t count, std::size_t rowStride, std::int64_t *out) const
{
    HWY_DYNAMIC_DISPATCH(SumCodes)(*this, rows, count, rowStride, out);
}

void dotProducts(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out)
{
    HWY_DYNAMIC_DISPATCH(DotProducts)(a, rows, b, columns, depth, out);
}

} // namespace quantloupe::simd

#endif
