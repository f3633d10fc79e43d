// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/products.h"
#include "kernels/simd/requantize-inl.h"

#include <algorithm>
#include <cstring>
#include <limits>

#ifndef QUANTLOUPE_SIMD_PRODUCTS_ONCE
#define QUANTLOUPE_SIMD_PRODUCTS_ONCE

namespace quantloupe::simd {

/// Opens the packed operands to the kernels.
struct Products {
    static const std::byte *panels(const FloatWeights &w) { return w.m_panels->data(); }
    static const std::byte *panels(const CodeWeights &w) { return w.m_panels->data(); }
    static std::size_t columns(const FloatWeights &w) { return w.m_columns; }
    static std::size_t columns(const CodeWeights &w) { return w.m_columns; }
    static std::size_t depth(const FloatWeights &w) { return w.m_depth; }
    static std::size_t depth(const CodeWeights &w) { return w.m_depth; }
    static const float *bias(const FloatWeights &w) { return w.m_bias.data(); }
    static FloatClamp clamp(const FloatWeights &w) { return w.m_clamp; }
    static const ChannelTable &table(const CodeWeights &w) { return *w.m_table; }

    static const DepthwiseShape &shape(const FloatDepthwise &d) { return d.m_shape; }
    static const DepthwiseShape &shape(const CodeDepthwise &d) { return d.m_shape; }
    static const float *weights(const FloatDepthwise &d) { return d.m_weights.data(); }
    static const std::int16_t *weights(const CodeDepthwise &d) { return d.m_weights.data(); }
    static const float *padding(const FloatDepthwise &d) { return d.m_padding.data(); }
    static const std::int16_t *padding(const CodeDepthwise &d) { return d.m_padding.data(); }
    static const float *bias(const FloatDepthwise &d) { return d.m_bias.data(); }
    static FloatClamp clamp(const FloatDepthwise &d) { return d.m_clamp; }
    static const ChannelTable &table(const CodeDepthwise &d) { return *d.m_table; }
};

/// The longest depth whose products of int16 codes and 9-bit weights still fit 32 bits together.
constexpr std::size_t kNarrowDepth = 256;

} // namespace quantloupe::simd

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Sums = hn::ScalableTag<std::int32_t>;
using Shorts = hn::ScalableTag<std::int16_t>;
using Bytes = hn::ScalableTag<std::int8_t>;

// Accumulators of a tile are twice its rows: all of them must fit the registers.
#if HWY_TARGET == HWY_AVX3
constexpr std::size_t kTileRows = 8;
#else
constexpr std::size_t kTileRows = 4;
#endif

/// The first `count` elements, less than a vector; the others are 0. Nothing else is touched, which masked operations
/// warrant only where the instruction set has them.
HWY_INLINE hn::Vec<Floats> LoadFirst(const float *from, std::size_t count)
{
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN float part[HWY_MAX_BYTES / sizeof(float)] = {};
    std::memcpy(part, from, count * sizeof(float));
    return hn::Load(Floats(), part);
#else
    return hn::MaskedLoad(hn::FirstN(Floats(), count), Floats(), from);
#endif
}

HWY_INLINE void StoreFirst(hn::Vec<Floats> values, std::size_t count, float *to)
{
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN float part[HWY_MAX_BYTES / sizeof(float)];
    hn::Store(values, Floats(), part);
    std::memcpy(to, part, count * sizeof(float));
#else
    hn::BlendedStore(values, hn::FirstN(Floats(), count), Floats(), to);
#endif
}

std::size_t LaneCount() { return hn::Lanes(Floats()); }

bool HasByteProducts()
{
#if HWY_TARGET == HWY_AVX3
    return __builtin_cpu_supports("avx512vnni") != 0;
#else
    return false;
#endif
}

// ---------------------------------------------------------------------------------------------------------------- float

/// A tile of `Rows` rows and `Vectors` vectors of columns.
template <std::size_t Rows, std::size_t Vectors>
HWY_INLINE void FloatTile(const float *HWY_RESTRICT rows, std::size_t rowStride, const float *HWY_RESTRICT panel, std::size_t depth, const float *bias,
                          FloatClamp clamp, float *HWY_RESTRICT out, std::size_t outStride, std::size_t columns)
{
    const Floats d;
    const std::size_t lanes = hn::Lanes(d);
    hn::Vec<Floats> sums[Rows][Vectors];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r)
#pragma GCC unroll 2
        for (std::size_t v = 0; v < Vectors; ++v)
            sums[r][v] = hn::Zero(d);
    for (std::size_t k = 0; k < depth; ++k) {
        hn::Vec<Floats> weights[Vectors];
#pragma GCC unroll 2
        for (std::size_t v = 0; v < Vectors; ++v)
            weights[v] = hn::Load(d, panel + (k * Vectors + v) * lanes);
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            const auto value = hn::Set(d, rows[r * rowStride + k]);
#pragma GCC unroll 2
            for (std::size_t v = 0; v < Vectors; ++v)
                sums[r][v] = hn::MulAdd(value, weights[v], sums[r][v]);
        }
    }
    const auto low = hn::Set(d, clamp.min);
    const auto high = hn::Set(d, clamp.max);
#pragma GCC unroll 2
    for (std::size_t v = 0; v < Vectors; ++v) {
        const auto added = hn::LoadU(d, bias + v * lanes);
        const std::size_t left = columns - v * lanes;
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            // The limit first: NaN then comes through, as in the reference.
            const auto value = hn::Min(high, hn::Max(low, hn::Add(sums[r][v], added)));
            float *const to = out + r * outStride + v * lanes;
            if (left >= lanes)
                hn::StoreU(value, d, to);
            else
                StoreFirst(value, left, to);
        }
    }
}

template <std::size_t Vectors>
HWY_INLINE void FloatPanel(const float *rows, std::size_t count, std::size_t rowStride, const float *panel, std::size_t depth, const float *bias, FloatClamp clamp,
                           float *out, std::size_t outStride, std::size_t columns)
{
    std::size_t r = 0;
    for (; r + kTileRows <= count; r += kTileRows)
        FloatTile<kTileRows, Vectors>(rows + r * rowStride, rowStride, panel, depth, bias, clamp, out + r * outStride, outStride, columns);
    if (kTileRows > 4 && count - r >= 4) {
        FloatTile<4, Vectors>(rows + r * rowStride, rowStride, panel, depth, bias, clamp, out + r * outStride, outStride, columns);
        r += 4;
    }
    for (; r + 2 <= count; r += 2)
        FloatTile<2, Vectors>(rows + r * rowStride, rowStride, panel, depth, bias, clamp, out + r * outStride, outStride, columns);
    if (r < count)
        FloatTile<1, Vectors>(rows + r * rowStride, rowStride, panel, depth, bias, clamp, out + r * outStride, outStride, columns);
}

void MultiplyFloat(const FloatWeights &weights, const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride)
{
    const std::size_t lanes = hn::Lanes(Floats());
    const std::size_t columns = Products::columns(weights);
    const std::size_t depth = Products::depth(weights);
    const auto *const panels = reinterpret_cast<const float *>(Products::panels(weights));
    for (std::size_t c = 0; c < columns; c += 2 * lanes) {
        const std::size_t left = columns - c;
        if (left > lanes)
            FloatPanel<2>(rows, count, rowStride, panels + c * depth, depth, Products::bias(weights) + c, Products::clamp(weights), out + c, outStride, left);
        else
            FloatPanel<1>(rows, count, rowStride, panels + c * depth, depth, Products::bias(weights) + c, Products::clamp(weights), out + c, outStride, left);
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

// -------------------------------------------------------------------------------------------------------------- integer

/// Two vectors where an instruction set leaves the halves of widened products apart.
struct Accumulator {
    hn::Vec<Sums> even;
    hn::Vec<Sums> odd;
};

/// Products of pairs of int16: rows less their zero point, weights [k / 2][column][2].
struct PairProducts {
    using Row = std::int16_t;
    static constexpr std::size_t kGroup = 2;
    static HWY_INLINE hn::Vec<Sums> Broadcast(const Row *row)
    {
        std::int32_t pair;
        std::memcpy(&pair, row, sizeof pair);
        return hn::Set(Sums(), pair);
    }
    /// Of a last group of one: nothing beyond the row is read.
    static HWY_INLINE hn::Vec<Sums> BroadcastTail(const Row *row, std::size_t) { return hn::Set(Sums(), std::int32_t{static_cast<std::uint16_t>(*row)}); }
    static HWY_INLINE void Add(Accumulator &sum, hn::Vec<Sums> row, hn::Vec<Sums> weights)
    {
        sum.even = hn::ReorderWidenMulAccumulate(Sums(), hn::BitCast(Shorts(), row), hn::BitCast(Shorts(), weights), sum.even, sum.odd);
    }
    static HWY_INLINE hn::Vec<Sums> Total(const Accumulator &sum) { return hn::RearrangeToOddPlusEven(sum.even, sum.odd); }
};

#if HWY_TARGET == HWY_AVX3
/// Products of four bytes: int8 codes read as uint8 of 128 more, weights [k / 4][column][4] of int8. Exact: the
/// instruction adds four 16-bit products in 32 bits without saturation. Only where HasByteProducts(): Highway has no name
/// for it, nor for the processors that have it.
struct ByteProducts {
    using Row = std::int8_t;
    static constexpr std::size_t kGroup = 4;
    static HWY_INLINE hn::Vec<Sums> Broadcast(const Row *row)
    {
        std::uint32_t four;
        std::memcpy(&four, row, sizeof four);
        return hn::Set(Sums(), static_cast<std::int32_t>(four ^ 0x80808080u));
    }
    /// Of a last group of one to three: nothing beyond the row is read.
    static HWY_INLINE hn::Vec<Sums> BroadcastTail(const Row *row, std::size_t count)
    {
        std::uint32_t four = static_cast<std::uint8_t>(row[0]);
        if (count > 1)
            four |= std::uint32_t{static_cast<std::uint8_t>(row[1])} << 8;
        if (count > 2)
            four |= std::uint32_t{static_cast<std::uint8_t>(row[2])} << 16;
        return hn::Set(Sums(), static_cast<std::int32_t>(four ^ 0x80808080u));
    }
    static HWY_INLINE void Add(Accumulator &sum, hn::Vec<Sums> row, hn::Vec<Sums> weights)
    {
        asm("vpdpbusd %2, %1, %0" : "+v"(sum.even.raw) : "v"(row.raw), "v"(weights.raw));
    }
    static HWY_INLINE hn::Vec<Sums> Total(const Accumulator &sum) { return sum.even; }
};
#endif

/// A tile of sums; store(row, vector, sum) takes them.
template <typename Dot, std::size_t Rows, std::size_t Vectors, typename Store>
HWY_INLINE void CodeTile(const typename Dot::Row *HWY_RESTRICT rows, std::size_t rowStride, const std::int32_t *HWY_RESTRICT panel, std::size_t depth, const Store &store)
{
    const Sums d;
    const std::size_t lanes = hn::Lanes(d);
    Accumulator sums[Rows][Vectors];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < Rows; ++r)
#pragma GCC unroll 2
        for (std::size_t v = 0; v < Vectors; ++v)
            sums[r][v] = {hn::Zero(d), hn::Zero(d)};
    const std::size_t groups = depth / Dot::kGroup;
    for (std::size_t k = 0; k < groups; ++k) {
        hn::Vec<Sums> weights[Vectors];
#pragma GCC unroll 2
        for (std::size_t v = 0; v < Vectors; ++v)
            weights[v] = hn::Load(d, panel + (k * Vectors + v) * lanes);
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            const auto value = Dot::Broadcast(rows + r * rowStride + k * Dot::kGroup);
#pragma GCC unroll 2
            for (std::size_t v = 0; v < Vectors; ++v)
                Dot::Add(sums[r][v], value, weights[v]);
        }
    }
    if (const std::size_t left = depth % Dot::kGroup; left != 0) {
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r) {
            const auto value = Dot::BroadcastTail(rows + r * rowStride + groups * Dot::kGroup, left);
#pragma GCC unroll 2
            for (std::size_t v = 0; v < Vectors; ++v)
                Dot::Add(sums[r][v], value, hn::Load(d, panel + (groups * Vectors + v) * lanes));
        }
    }
#pragma GCC unroll 2
    for (std::size_t v = 0; v < Vectors; ++v)
#pragma GCC unroll 8
        for (std::size_t r = 0; r < Rows; ++r)
            store(r, v, Dot::Total(sums[r][v]));
}

/// All rows of one panel; storeAt(r) is the store of the tile that starts at row r.
template <typename Dot, std::size_t Vectors, typename StoreAt>
HWY_INLINE void CodePanel(const typename Dot::Row *rows, std::size_t count, std::size_t rowStride, const std::int32_t *panel, std::size_t depth, const StoreAt &storeAt)
{
    std::size_t r = 0;
    for (; r + kTileRows <= count; r += kTileRows)
        CodeTile<Dot, kTileRows, Vectors>(rows + r * rowStride, rowStride, panel, depth, storeAt(r));
    if (kTileRows > 4 && count - r >= 4) {
        CodeTile<Dot, 4, Vectors>(rows + r * rowStride, rowStride, panel, depth, storeAt(r));
        r += 4;
    }
    for (; r < count; ++r)
        CodeTile<Dot, 1, Vectors>(rows + r * rowStride, rowStride, panel, depth, storeAt(r));
}

/// Writes sums as codes: row r, vector v of a panel that starts at column `first`.
template <typename Code> struct CodeStore {
    const ChannelTable &table;
    Code *out;
    std::size_t outStride;
    std::size_t first;
    std::size_t columns; ///< all of them

    HWY_INLINE void operator()(std::size_t r, std::size_t v, hn::Vec<Sums> sum) const
    {
        const std::size_t lanes = hn::Lanes(Sums());
        const std::size_t column = first + v * lanes;
        StoreCodes(Requantized(table, column, sum), out + r * outStride + column, columns - column);
    }
};

struct SumStore {
    std::int32_t *out; ///< rows of whole vectors
    std::size_t outStride;

    HWY_INLINE void operator()(std::size_t r, std::size_t v, hn::Vec<Sums> sum) const { hn::StoreU(sum, Sums(), out + r * outStride + v * hn::Lanes(Sums())); }
};

template <typename Dot, typename Code>
HWY_NOINLINE void MultiplyRows(const CodeWeights &weights, const typename Dot::Row *rows, std::size_t count, std::size_t rowStride, Code *out, std::size_t outStride)
{
    const std::size_t lanes = hn::Lanes(Sums());
    const std::size_t columns = Products::columns(weights);
    const std::size_t depth = Products::depth(weights);
    const std::size_t groups = (depth + Dot::kGroup - 1) / Dot::kGroup;
    const auto *const panels = reinterpret_cast<const std::int32_t *>(Products::panels(weights));
    for (std::size_t c = 0; c < columns; c += 2 * lanes) {
        const auto storeAt = [&](std::size_t r) { return CodeStore<Code>{Products::table(weights), out + r * outStride, outStride, c, columns}; };
        if (columns - c > lanes)
            CodePanel<Dot, 2>(rows, count, rowStride, panels + c * groups, depth, storeAt);
        else
            CodePanel<Dot, 1>(rows, count, rowStride, panels + c * groups, depth, storeAt);
    }
}

template <typename Code> void MultiplyAs(const CodeWeights &weights, const void *rows, std::size_t count, std::size_t rowStride, void *out, std::size_t outStride)
{
#if HWY_TARGET == HWY_AVX3
    if (weights.readsCodes())
        return MultiplyRows<ByteProducts>(weights, static_cast<const std::int8_t *>(rows), count, rowStride, static_cast<Code *>(out), outStride);
#endif
    MultiplyRows<PairProducts>(weights, static_cast<const std::int16_t *>(rows), count, rowStride, static_cast<Code *>(out), outStride);
}

void MultiplyCodes(const CodeWeights &weights, const void *rows, std::size_t count, std::size_t rowStride, void *out, std::size_t outStride)
{
    switch (Products::table(weights).type) {
    case DataType::UInt8: return MultiplyAs<std::uint8_t>(weights, rows, count, rowStride, out, outStride);
    case DataType::Int16: return MultiplyAs<std::int16_t>(weights, rows, count, rowStride, out, outStride);
    default: return MultiplyAs<std::int8_t>(weights, rows, count, rowStride, out, outStride);
    }
}

/// 64-bit sums: blocks of a depth that 32 bits hold, added up.
void SumCodes(const CodeWeights &weights, const std::int16_t *rows, std::size_t count, std::size_t rowStride, std::int64_t *out)
{
    const std::size_t lanes = hn::Lanes(Sums());
    const std::size_t columns = Products::columns(weights);
    const std::size_t depth = Products::depth(weights);
    const std::size_t groups = (depth + 1) / 2;
    const auto *const panels = reinterpret_cast<const std::int32_t *>(Products::panels(weights));
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
                const auto storeAt = [&](std::size_t i) { return SumStore{block + i * vectors * lanes, vectors * lanes}; };
                if (vectors == 2)
                    CodePanel<PairProducts, 2>(rows + r * rowStride + k, tile, rowStride, panel, span, storeAt);
                else
                    CodePanel<PairProducts, 1>(rows + r * rowStride + k, tile, rowStride, panel, span, storeAt);
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

// ------------------------------------------------------------------------------------------------------------ depthwise

constexpr std::size_t kTilePositions = 4; ///< neighbours in a row that share a load of weights

/// Where the elements of a tile lie: tap t of position p at taps[t] + p * step. At the border of the image a tile is one
/// position, whose taps outside lie in a row of padding.
template <typename In> struct WindowTile {
    const In *const *taps;
    std::ptrdiff_t step;
};

/// tile<N>(WindowTile, out) for all output positions, N = kTilePositions inside of the image and 1 at its border; the list
/// of taps is even: after an odd number the first comes again.
template <typename In, typename Out, typename Tile> HWY_INLINE void ForEachTile(const DepthwiseShape &shape, const In *image, const In *padding, Out *out, const Tile &tile)
{
    const WindowAxis &y = shape.window.y;
    const WindowAxis &x = shape.window.x;
    const auto channels = static_cast<std::ptrdiff_t>(shape.channels);
    const auto rowLength = static_cast<std::ptrdiff_t>(x.input) * channels;
    const In *taps[kMostTaps + 1];
    for (int outY = 0; outY < y.output; ++outY) {
        const int top = y.origin(outY);
        const bool isInside = top >= 0 && top + (y.filter - 1) * y.dilation < y.input;
        for (int outX = 0; outX < x.output;) {
            const int left = x.origin(outX);
            const int positions = static_cast<int>(kTilePositions);
            const int lastLeft = left + (positions - 1) * x.stride;
            const bool isTile = isInside && left >= 0 && outX + positions <= x.output && lastLeft + (x.filter - 1) * x.dilation < x.input;
            const In **tap = taps;
            if (isTile) {
                for (int fy = 0; fy < y.filter; ++fy) {
                    const In *at = image + (top + fy * y.dilation) * rowLength + left * channels;
                    for (int fx = 0; fx < x.filter; ++fx, at += x.dilation * channels)
                        *tap++ = at;
                }
            } else {
                for (int fy = 0; fy < y.filter; ++fy) {
                    const int inY = top + fy * y.dilation;
                    const bool isRow = inY >= 0 && inY < y.input;
                    for (int fx = 0; fx < x.filter; ++fx) {
                        const int inX = left + fx * x.dilation;
                        *tap++ = isRow && inX >= 0 && inX < x.input ? image + inY * rowLength + inX * channels : padding;
                    }
                }
            }
            *tap = taps[0];
            const WindowTile<In> window{taps, x.stride * channels};
            if (isTile)
                tile.template operator()<kTilePositions>(window, out);
            else
                tile.template operator()<1>(window, out);
            outX += isTile ? positions : 1;
            out += (isTile ? kTilePositions : 1) * shape.outputs;
        }
    }
}

template <std::size_t Positions, bool IsSpread, bool IsWhole>
HWY_INLINE void FloatWindow(const WindowTile<float> &tile, std::size_t count, std::size_t c, const float *HWY_RESTRICT weights, std::size_t outputs, const float *bias, FloatClamp clamp,
                            float *HWY_RESTRICT out)
{
    const Floats d;
    const std::size_t left = outputs - c;
    hn::Vec<Floats> sums[Positions];
#pragma GCC unroll 4
    for (std::size_t p = 0; p < Positions; ++p)
        sums[p] = hn::Zero(d);
    for (std::size_t t = 0; t < count; ++t) {
        const auto weight = hn::LoadU(d, weights + t * outputs + c);
        const float *const at = tile.taps[t] + (IsSpread ? 0 : c);
#pragma GCC unroll 4
        for (std::size_t p = 0; p < Positions; ++p) {
            const float *const from = at + static_cast<std::ptrdiff_t>(p) * tile.step;
            const auto value = IsSpread ? hn::Set(d, *from) : IsWhole ? hn::LoadU(d, from) : LoadFirst(from, left);
            sums[p] = hn::MulAdd(value, weight, sums[p]);
        }
    }
    const auto low = hn::Set(d, clamp.min);
    const auto high = hn::Set(d, clamp.max);
    const auto added = hn::LoadU(d, bias + c);
#pragma GCC unroll 4
    for (std::size_t p = 0; p < Positions; ++p) {
        const auto value = hn::Min(high, hn::Max(low, hn::Add(sums[p], added)));
        if (IsWhole)
            hn::StoreU(value, d, out + p * outputs + c);
        else
            StoreFirst(value, left, out + p * outputs + c);
    }
}

template <bool IsSpread> void ConvolveFloats(const FloatDepthwise &depthwise, const float *image, float *out)
{
    const DepthwiseShape &shape = Products::shape(depthwise);
    const std::size_t lanes = hn::Lanes(Floats());
    const std::size_t count = shape.taps();
    const float *const weights = Products::weights(depthwise);
    const float *const bias = Products::bias(depthwise);
    const FloatClamp clamp = Products::clamp(depthwise);
    ForEachTile(shape, image, Products::padding(depthwise), out, [&]<std::size_t Positions>(const WindowTile<float> &tile, float *to) HWY_ATTR {
        std::size_t c = 0;
        for (; c + lanes <= shape.outputs; c += lanes)
            FloatWindow<Positions, IsSpread, true>(tile, count, c, weights, shape.outputs, bias, clamp, to);
        if (c < shape.outputs)
            FloatWindow<Positions, IsSpread, false>(tile, count, c, weights, shape.outputs, bias, clamp, to);
    });
}

void DepthwiseFloats(const FloatDepthwise &depthwise, const float *image, float *out)
{
    const DepthwiseShape &shape = Products::shape(depthwise);
    shape.channels == 1 && shape.outputs > 1 ? ConvolveFloats<true>(depthwise, image, out) : ConvolveFloats<false>(depthwise, image, out);
}

/// Elements of one tap as 32-bit lanes.
template <bool IsSpread, bool IsWhole, typename In> HWY_INLINE hn::Vec<Sums> LoadTap(const In *from, std::size_t left)
{
    const Sums d;
    const hn::Rebind<In, Sums> narrow;
    if constexpr (IsSpread)
        return hn::Set(d, *from);
    else if constexpr (IsWhole)
        return hn::PromoteTo(d, hn::LoadU(narrow, from));
#if HWY_TARGET == HWY_AVX3
    return hn::PromoteTo(d, hn::MaskedLoad(hn::FirstN(narrow, left), narrow, from));
#else
    HWY_ALIGN In rest[HWY_MAX_BYTES / sizeof(std::int32_t)] = {};
    std::memcpy(rest, from, left * sizeof(In));
    return hn::PromoteTo(d, hn::Load(narrow, rest));
#endif
}

template <std::size_t Positions, bool IsSpread, bool IsWhole, typename In, typename Code>
HWY_INLINE void CodeWindow(const WindowTile<In> &tile, std::size_t count, std::size_t c, const std::int16_t *HWY_RESTRICT weights, std::size_t outputs, const ChannelTable &table,
                           Code *HWY_RESTRICT out)
{
    const Sums d;
    const std::size_t left = outputs - c;
    const std::size_t at = IsSpread ? 0 : c;
    const auto lowHalf = hn::Set(d, 0xffff);
    Accumulator sums[Positions];
#pragma GCC unroll 4
    for (std::size_t p = 0; p < Positions; ++p)
        sums[p] = {hn::Zero(d), hn::Zero(d)};
    for (std::size_t t = 0; t < count; t += 2) {
        const auto weight = hn::BitCast(d, hn::LoadU(Shorts(), weights + (t * outputs + 2 * c)));
#pragma GCC unroll 4
        for (std::size_t p = 0; p < Positions; ++p) {
            const std::ptrdiff_t offset = static_cast<std::ptrdiff_t>(p) * tile.step + static_cast<std::ptrdiff_t>(at);
            const auto first = LoadTap<IsSpread, IsWhole>(tile.taps[t] + offset, left);
            const auto second = LoadTap<IsSpread, IsWhole>(tile.taps[t + 1] + offset, left);
            PairProducts::Add(sums[p], hn::Or(hn::And(first, lowHalf), hn::ShiftLeft<16>(second)), weight);
        }
    }
#pragma GCC unroll 4
    for (std::size_t p = 0; p < Positions; ++p)
        StoreCodes(Requantized(table, c, PairProducts::Total(sums[p])), out + p * outputs + c, left);
}

template <bool IsSpread, typename In, typename Code> void ConvolveCodes(const CodeDepthwise &depthwise, const In *image, Code *out)
{
    const DepthwiseShape &shape = Products::shape(depthwise);
    const std::size_t lanes = hn::Lanes(Sums());
    const std::size_t count = shape.taps();
    const std::int16_t *const weights = Products::weights(depthwise);
    const ChannelTable &table = Products::table(depthwise);
    const auto *const padding = reinterpret_cast<const In *>(Products::padding(depthwise));
    ForEachTile(shape, image, padding, out, [&]<std::size_t Positions>(const WindowTile<In> &tile, Code *to) HWY_ATTR {
        std::size_t c = 0;
        for (; c + lanes <= shape.outputs; c += lanes)
            CodeWindow<Positions, IsSpread, true>(tile, count, c, weights, shape.outputs, table, to);
        if (c < shape.outputs)
            CodeWindow<Positions, IsSpread, false>(tile, count, c, weights, shape.outputs, table, to);
    });
}

template <typename In> void ConvolveFrom(const CodeDepthwise &depthwise, const void *image, void *out)
{
    const DepthwiseShape &shape = Products::shape(depthwise);
    const bool isSpread = shape.channels == 1 && shape.outputs > 1;
    // Outputs have their input's type: prepare() saw to it.
    isSpread ? ConvolveCodes<true>(depthwise, static_cast<const In *>(image), static_cast<In *>(out))
             : ConvolveCodes<false>(depthwise, static_cast<const In *>(image), static_cast<In *>(out));
}

void DepthwiseCodes(const CodeDepthwise &depthwise, DataType input, const void *image, void *out)
{
    switch (input) {
    case DataType::UInt8: return ConvolveFrom<std::uint8_t>(depthwise, image, out);
    case DataType::Int16: return ConvolveFrom<std::int16_t>(depthwise, image, out);
    default: return ConvolveFrom<std::int8_t>(depthwise, image, out);
    }
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe::simd {

HWY_EXPORT(LaneCount);
HWY_EXPORT(HasByteProducts);
HWY_EXPORT(MultiplyFloat);
HWY_EXPORT(MultiplyPlain);
HWY_EXPORT(MultiplyCodes);
HWY_EXPORT(SumCodes);
HWY_EXPORT(DotProducts);
HWY_EXPORT(DepthwiseFloats);
HWY_EXPORT(DepthwiseCodes);

namespace {

std::size_t lanes()
{
    return HWY_DYNAMIC_DISPATCH(LaneCount)();
}

std::size_t roundedUp(std::size_t count, std::size_t step)
{
    return (count + step - 1) / step * step;
}

/// [columns][depth] to panels [columns / width][depth / group][width][group] of two vectors of columns each, of one
/// where one holds the rest; filled up with 0.
template <typename To, typename From>
std::shared_ptr<const AlignedBuffer> packed(std::span<const From> weights, std::size_t columns, std::size_t depth, std::size_t group)
{
    const std::size_t vector = lanes();
    const std::size_t groups = (depth + group - 1) / group;
    auto buffer = std::make_shared<AlignedBuffer>(roundedUp(columns, vector) * groups * group * sizeof(To));
    std::memset(buffer->data(), 0, buffer->size());
    auto *const panels = reinterpret_cast<To *>(buffer->data());
    for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t first = c / (2 * vector) * 2 * vector;
        const std::size_t width = columns - first > vector ? 2 * vector : vector;
        To *const panel = panels + first * groups * group;
        for (std::size_t k = 0; k < depth; ++k)
            panel[(k / group * width + (c - first)) * group + k % group] = static_cast<To>(weights[c * depth + k]);
    }
    return buffer;
}

std::vector<float> filledUp(std::span<const float> values)
{
    std::vector<float> result(values.begin(), values.end());
    result.resize(roundedUp(values.size(), lanes()) + lanes());
    return result;
}

/// bias - inputOffset * (sum of the column's weights), as far as 32 bits go: sums wrap.
std::vector<std::int32_t> constants(std::span<const std::int16_t> weights, std::size_t columns, std::size_t stride, std::size_t step, std::size_t depth, std::int32_t inputOffset,
                                    std::span<const std::int64_t> bias)
{
    std::vector<std::int32_t> result(columns);
    for (std::size_t c = 0; c < columns; ++c) {
        std::uint32_t total = 0;
        for (std::size_t k = 0; k < depth; ++k)
            total += static_cast<std::uint32_t>(std::int32_t{weights[c * stride + k * step]});
        result[c] = static_cast<std::int32_t>(static_cast<std::uint32_t>(bias[c]) - static_cast<std::uint32_t>(inputOffset) * total);
    }
    return result;
}

} // namespace

CodeScaling CodeScaling::of(const Requantizer &requantizer, DataType type)
{
    CodeScaling scaling;
    scaling.multipliers = requantizer.multipliers;
    scaling.zeroPoint = requantizer.zeroPoint;
    scaling.clamp = requantizer.clamp;
    scaling.type = type;
    return scaling;
}

ChannelTable::ChannelTable(const CodeScaling &scaling, std::span<const std::int32_t> constants)
    : rounding(scaling.rounding), type(scaling.type), zeroPoint(scaling.zeroPoint), clamp(scaling.clamp), constant(constants.begin(), constants.end())
{
    const std::size_t channels = constants.size();
    const std::size_t size = roundedUp(channels, lanes()) + lanes();
    for (std::size_t c = 0; c < channels; ++c) {
        if (rounding == CodeScaling::Rounding::InDouble) {
            factor.push_back(scaling.factors[scaling.factors.size() == 1 ? 0 : c]);
            continue;
        }
        const fixed_point::Multiplier multiplier = scaling.multipliers[scaling.multipliers.size() == 1 ? 0 : c];
        mantissa.push_back(multiplier.mantissa);
        left.push_back(std::max(multiplier.exponent, 0));
        right.push_back(std::max(-multiplier.exponent, 0));
        hasLeftShift |= multiplier.exponent > 0;
    }
    constant.resize(size);
    mantissa.resize(size);
    left.resize(size);
    right.resize(size);
    factor.resize(size);
}

FloatWeights::FloatWeights(std::span<const float> weights, std::size_t columns, std::size_t depth, std::span<const float> bias, FloatClamp clamp)
    : m_columns(columns), m_depth(depth), m_bias(filledUp(bias)), m_clamp(clamp), m_panels(packed<float>(weights, columns, depth, 1))
{
}

void FloatWeights::multiply(const float *rows, std::size_t count, std::size_t rowStride, float *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyFloat)(*this, rows, count, rowStride, out, outStride);
}

CodeWeights::CodeWeights(std::span<const std::int16_t> weights, std::size_t columns, std::size_t depth, DataType input, std::int32_t inputZeroPoint, std::span<const std::int64_t> bias,
                         const CodeScaling &scaling, bool isWide)
    : m_columns(columns), m_depth(depth), m_readsCodes(false)
{
    const bool areBytes = std::ranges::all_of(weights, [](std::int16_t weight) { return weight >= -128 && weight <= 127; });
    m_readsCodes = input == DataType::Int8 && areBytes && !isWide && HWY_DYNAMIC_DISPATCH(HasByteProducts)();
    m_panels = m_readsCodes ? packed<std::int8_t>(weights, columns, depth, 4) : packed<std::int16_t>(weights, columns, depth, 2);
    if (!isWide)
        m_table = std::make_shared<const ChannelTable>(scaling, constants(weights, columns, depth, 1, depth, m_readsCodes ? inputZeroPoint + 128 : 0, bias));
}

void CodeWeights::multiply(const void *rows, std::size_t count, std::size_t rowStride, void *out, std::size_t outStride) const
{
    HWY_DYNAMIC_DISPATCH(MultiplyCodes)(*this, rows, count, rowStride, out, outStride);
}

void CodeWeights::sums(const std::int16_t *rows, std::size_t count, std::size_t rowStride, std::int64_t *out) const
{
    HWY_DYNAMIC_DISPATCH(SumCodes)(*this, rows, count, rowStride, out);
}

FloatDepthwise::FloatDepthwise(const DepthwiseShape &shape, std::span<const float> weights, std::span<const float> bias, FloatClamp clamp)
    : m_shape(shape), m_weights(weights.begin(), weights.end()), m_bias(filledUp(bias)), m_clamp(clamp), m_padding(shape.channels, 0.0f)
{
    m_weights.resize(m_weights.size() + lanes());
}

void FloatDepthwise::convolve(const float *image, float *out) const
{
    HWY_DYNAMIC_DISPATCH(DepthwiseFloats)(*this, image, out);
}

CodeDepthwise::CodeDepthwise(const DepthwiseShape &shape, std::span<const std::int16_t> weights, DataType input, std::int32_t inputZeroPoint, std::span<const std::int64_t> bias,
                             const CodeScaling &scaling)
    : m_shape(shape), m_input(input)
{
    const std::size_t pairs = (shape.taps() + 1) / 2;
    m_weights.resize(pairs * shape.outputs * 2 + 2 * lanes());
    for (std::size_t t = 0; t < shape.taps(); ++t)
        for (std::size_t c = 0; c < shape.outputs; ++c)
            m_weights[(t / 2 * shape.outputs + c) * 2 + t % 2] = weights[t * shape.outputs + c];
    m_padding.resize(shape.channels);
    for (std::size_t c = 0; c < shape.channels; ++c) {
        if (elementSize(input) == 1)
            reinterpret_cast<std::uint8_t *>(m_padding.data())[c] = static_cast<std::uint8_t>(inputZeroPoint);
        else
            m_padding[c] = static_cast<std::int16_t>(inputZeroPoint);
    }
    m_table = std::make_shared<const ChannelTable>(scaling, constants(weights, shape.outputs, 1, shape.outputs, shape.taps(), inputZeroPoint, bias));
}

void CodeDepthwise::convolve(const void *image, void *out) const
{
    HWY_DYNAMIC_DISPATCH(DepthwiseCodes)(*this, m_input, image, out);
}

void dotProducts(const std::int16_t *a, std::size_t rows, const std::int16_t *b, std::size_t columns, std::size_t depth, std::int32_t *out)
{
    HWY_DYNAMIC_DISPATCH(DotProducts)(a, rows, b, columns, depth, out);
}

void floatProducts(const float *a, std::size_t rows, const float *b, std::size_t columns, std::size_t depth, float *out)
{
    HWY_DYNAMIC_DISPATCH(MultiplyPlain)(a, rows, b, columns, depth, out);
}

} // namespace quantloupe::simd

#endif
