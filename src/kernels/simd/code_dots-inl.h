// SPDX-License-Identifier: GPL-3.0-or-later
//
// Products of codes, added up in 32-bit lanes: a few elements of a row by as many weights of each column. Included once
// for every instruction set.
#if defined(QUANTLOUPE_SIMD_CODE_DOTS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef QUANTLOUPE_SIMD_CODE_DOTS_INL
#undef QUANTLOUPE_SIMD_CODE_DOTS_INL
#else
#define QUANTLOUPE_SIMD_CODE_DOTS_INL
#endif

#include "kernels/simd/vectors-inl.h"

HWY_BEFORE_NAMESPACE();
namespace quantloupe::simd::HWY_NAMESPACE {

/// Two vectors where an instruction set leaves the halves of widened products apart.
struct Accumulator {
    hn::Vec<Sums> even;
    hn::Vec<Sums> odd;
};

HWY_INLINE hn::Vec<Sums> SpreadOverPairs(std::uint64_t bits)
{
    return hn::BitCast(Sums(), hn::Set(hn::RebindToUnsigned<hn::RepartitionToWide<Sums>>(), bits));
}

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
    /// Of less than a group: nothing beyond the row is read.
    static HWY_INLINE hn::Vec<Sums> BroadcastTail(const Row *row, std::size_t) { return hn::Set(Sums(), std::int32_t{static_cast<std::uint16_t>(*row)}); }
    /// Two groups, one to even and one to odd lanes.
    static HWY_INLINE hn::Vec<Sums> BroadcastTwo(const Row *row)
    {
        std::uint64_t four;
        std::memcpy(&four, row, sizeof four);
        return SpreadOverPairs(four);
    }
    static HWY_INLINE hn::Vec<Sums> BroadcastTwoTail(const Row *row, std::size_t count)
    {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < count; ++i)
            bits |= std::uint64_t{static_cast<std::uint16_t>(row[i])} << (16 * i);
        return SpreadOverPairs(bits);
    }
    static HWY_INLINE void Add(Accumulator &sum, hn::Vec<Sums> row, hn::Vec<Sums> weights)
    {
        sum.even = hn::ReorderWidenMulAccumulate(Sums(), hn::BitCast(Shorts(), row), hn::BitCast(Shorts(), weights), sum.even, sum.odd);
    }
    static HWY_INLINE hn::Vec<Sums> Total(const Accumulator &sum) { return hn::RearrangeToOddPlusEven(sum.even, sum.odd); }
};

#if HWY_TARGET == HWY_AVX3
/// Products of four bytes: int8 codes read as uint8 of 128 more, weights [k / 4][column][4] of int8. Exact: the
/// instruction adds four 16-bit products in 32 bits without saturation. Only where hasByteProducts(): Highway has no name
/// for it, nor for the processors that have it.
struct ByteProducts {
    using Row = std::int8_t;
    static constexpr std::size_t kGroup = 4;

    /// To uint8 in the vector: a broadcast from memory is free there, one from a register is not.
    static HWY_INLINE hn::Vec<Sums> Flipped(hn::Vec<Sums> codes) { return hn::Xor(codes, hn::Set(Sums(), static_cast<std::int32_t>(0x80808080u))); }
    static HWY_INLINE hn::Vec<Sums> Broadcast(const Row *row)
    {
        std::int32_t four;
        std::memcpy(&four, row, sizeof four);
        return Flipped(hn::Set(Sums(), four));
    }
    static HWY_INLINE std::uint64_t FirstBytes(const Row *row, std::size_t count)
    {
        std::uint64_t bits = 0;
        for (std::size_t i = 0; i < count; ++i)
            bits |= std::uint64_t{static_cast<std::uint8_t>(row[i])} << (8 * i);
        return bits;
    }
    /// Of less than a group: nothing beyond the row is read.
    static HWY_INLINE hn::Vec<Sums> BroadcastTail(const Row *row, std::size_t count)
    {
        return Flipped(hn::Set(Sums(), static_cast<std::int32_t>(FirstBytes(row, count))));
    }
    /// Two groups, one to even and one to odd lanes.
    static HWY_INLINE hn::Vec<Sums> BroadcastTwo(const Row *row)
    {
        std::uint64_t eight;
        std::memcpy(&eight, row, sizeof eight);
        return Flipped(SpreadOverPairs(eight));
    }
    static HWY_INLINE hn::Vec<Sums> BroadcastTwoTail(const Row *row, std::size_t count) { return Flipped(SpreadOverPairs(FirstBytes(row, count))); }
    static HWY_INLINE void Add(Accumulator &sum, hn::Vec<Sums> row, hn::Vec<Sums> weights)
    {
        asm("vpdpbusd %2, %1, %0" : "+v"(sum.even.raw) : "v"(row.raw), "v"(weights.raw));
    }
    static HWY_INLINE hn::Vec<Sums> Total(const Accumulator &sum) { return sum.even; }
};
#endif

} // namespace quantloupe::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
