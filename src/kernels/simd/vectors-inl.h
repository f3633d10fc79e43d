// SPDX-License-Identifier: GPL-3.0-or-later
//
// Vectors of the products, and loads and stores of less than one. Included once for every instruction set.
#if defined(QUANTLOUPE_SIMD_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUANTLOUPE_SIMD_VECTORS_INL
#undef QUANTLOUPE_SIMD_VECTORS_INL
#else
#define QUANTLOUPE_SIMD_VECTORS_INL
#endif

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::ScalableTag<float>;
using Sums = hn::ScalableTag<std::int32_t>;
using Shorts = hn::ScalableTag<std::int16_t>;

// Accumulators of a tile are twice its rows: all of them must fit the registers. Tall tiles load weights for more rows, but leave
// AVX2 no register beside, which pays for long rows of codes alone. Of one vector of columns twice the rows keep as many sums, enough
// not to wait for each.
#if HWY_TARGET == HWY_AVX3
constexpr std::size_t kTileRows = 8;
constexpr std::size_t kTallTileRows = 8;
#elif HWY_TARGET == HWY_AVX2
constexpr std::size_t kTileRows = 4;
constexpr std::size_t kTallTileRows = 6;
#else
constexpr std::size_t kTileRows = 4;
constexpr std::size_t kTallTileRows = 4;
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

/// The clamp of an activation, in registers.
struct VectorClamp {
    hn::Vec<Floats> low;
    hn::Vec<Floats> high;

    template <typename Clamp> explicit HWY_INLINE VectorClamp(const Clamp &clamp) : low(hn::Set(Floats(), clamp.min)), high(hn::Set(Floats(), clamp.max)) {}
    /// The limit first: NaN then comes through, as in the reference.
    HWY_INLINE hn::Vec<Floats> operator()(hn::Vec<Floats> value) const { return hn::Min(high, hn::Max(low, value)); }
};

/// Rows of a matrix, `stride` elements apart, each in one run.
template <typename T> struct StridedRows {
    static constexpr bool kIsOneRun = true;
    using Element = T;
    const T *base;
    std::size_t stride;

    HWY_INLINE const T *operator[](std::size_t r) const { return base + r * stride; }
};

/// Patches of an image, each at a start of its own and in any number of runs.
template <typename T> struct PlacedRows {
    static constexpr bool kIsOneRun = false;
    using Element = T;
    const T *base;
    const std::int32_t *starts;

    HWY_INLINE const T *operator[](std::size_t r) const { return base + starts[r]; }
};

/// Where the elements of a row lie: run i starts offsets[i] elements behind the row.
struct Runs {
    const std::int32_t *offsets;
    std::size_t count;
    std::size_t length;
};

/// tiles<Rows>(first, end) runs as many tiles as there are and returns the next row; until all rows are done.
template <std::size_t Tallest = kTileRows, typename Tiles> HWY_INLINE void ForEachRowTile(std::size_t count, const Tiles &tiles)
{
    std::size_t r = tiles.template operator()<Tallest>(0, count);
    if (Tallest > 8 && count - r >= 8)
        r = tiles.template operator()<8>(r, count);
    if (Tallest > 4 && count - r >= 4)
        r = tiles.template operator()<4>(r, count);
    if (count - r >= 2)
        r = tiles.template operator()<2>(r, count);
    if (r < count)
        tiles.template operator()<1>(r, count);
}

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
