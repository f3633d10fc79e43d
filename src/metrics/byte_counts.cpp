// SPDX-License-Identifier: GPL-3.0-or-later
//
// Compiled once for every instruction set (Highway's foreach_target); the widest one that runs here is taken.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/byte_counts.cpp"
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL // the vectors whose bits can be counted; Highway leaves them out by default
#endif
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "metrics/byte_counts.h"

#include <algorithm>
#include <cstring>
#include <utility>

#ifndef QUANTLOUPE_BYTE_COUNTS_ONCE
#define QUANTLOUPE_BYTE_COUNTS_ONCE

namespace quantloupe {

/// Counts in several tables by turns: an increment does not wait for the one before it, which is often of the same byte.
inline void countOneByOne(const std::uint8_t *bytes, std::size_t count, ByteCounts &counts)
{
    constexpr std::size_t kAlone = 64; // less than the tables cost
    if (count < kAlone) {
        for (std::size_t i = 0; i < count; ++i)
            ++counts[bytes[i]];
        return;
    }
    constexpr std::size_t kTables = 4;
    constexpr std::size_t kMost = std::size_t{1} << 31; // a table's counters have 32 bits
    for (; count > kMost; bytes += kMost, count -= kMost)
        countOneByOne(bytes, kMost, counts);
    std::uint32_t tables[kTables][256] = {};
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= count; i += sizeof(std::uint64_t)) {
        std::uint64_t several;
        std::memcpy(&several, bytes + i, sizeof several);
#pragma GCC unroll 8
        for (std::size_t byte = 0; byte < sizeof several; ++byte)
            ++tables[byte % kTables][several >> (8 * byte) & 0xff];
    }
    for (; i < count; ++i)
        ++tables[0][bytes[i]];
    for (const auto &table : tables)
        for (std::size_t value = 0; value < counts.size(); ++value)
            counts[value] += table[value];
}

} // namespace quantloupe

#endif

HWY_BEFORE_NAMESPACE();
namespace quantloupe::HWY_NAMESPACE {

// Instructions that count the bits of a whole vector are what makes the planes below faster than tables.
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3_DL

namespace hn = hwy::HWY_NAMESPACE;

/// A block of bytes as eight planes of bits, and its counts: the bits of plane p are bit p of every byte. Of every set of
/// planes it is counted how many bytes have all of its bits; the counts of the single values follow by differences.
class BitPlanes {
public:
    static constexpr std::size_t kBlock = 8192; ///< bytes: the planes take as many, all in the first-level cache

    /// Reads bytes as they lie; those from `count` to the end of the block's last vector count as 0.
    HWY_INLINE void split(const std::uint8_t *bytes, std::size_t count)
    {
        const std::size_t lanes = hn::Lanes(kBytes);
        auto met = hn::Zero(kBytes);
        const auto splitVector = [&](hn::Vec<Bytes> vector, std::size_t at) HWY_ATTR {
            met = hn::Or(met, vector);
            for (int plane = 0; plane < kPlanes; ++plane)
                hn::StoreMaskBits(kBytes, hn::TestBit(vector, hn::Set(kBytes, static_cast<std::uint8_t>(1 << plane))), reinterpret_cast<std::uint8_t *>(m_planes[plane]) + at / 8);
        };
        std::size_t at = 0;
        for (; at + lanes <= count; at += lanes)
            splitVector(hn::LoadU(kBytes, bytes + at), at);
        const std::size_t step = lanes * kWordBits / 8; // bytes to a vector of words
        const std::size_t end = (count + step - 1) / step * step;
        for (; at < end; at += lanes) {
            HWY_ALIGN std::uint8_t rest[HWY_MAX_BYTES] = {};
            if (at < count)
                std::memcpy(rest, bytes + at, count - at);
            splitVector(hn::Load(kBytes, rest), at);
        }
        m_words = end / kWordBits;
        m_met = 0;
        for (int plane = 0; plane < kPlanes; ++plane)
            if (!hn::AllFalse(kBytes, hn::TestBit(met, hn::Set(kBytes, static_cast<std::uint8_t>(1 << plane)))))
                m_met |= 1u << plane;
        m_padding = end - count;
    }

    /// Adds how many bytes have the bits of each set of planes. Planes without any bit are left out.
    HWY_INLINE void addSupersets(ByteCounts &supersets)
    {
        supersets[0] -= m_padding;
        const unsigned highMet = m_met >> kLowPlanes;
        unsigned high = highMet;
        while (true) { // all subsets of the high planes
            addSupersetsWith(high, supersets.data());
            if (high == 0)
                break;
            high = (high - 1) & highMet;
        }
    }

private:
    using Bytes = hn::ScalableTag<std::uint8_t>;
    using Words = hn::ScalableTag<std::uint64_t>;
    static constexpr Bytes kBytes{};
    static constexpr Words kWords{};
    static constexpr int kPlanes = 8;
    static constexpr int kLowPlanes = 4; ///< whose sets are counted at a time, in registers
    static constexpr std::size_t kWordBits = 64;

    HWY_INLINE void addSupersetsWith(unsigned high, std::uint64_t *supersets)
    {
        const std::uint64_t *planes[kPlanes];
        int count = 0;
        for (int plane = kLowPlanes; plane < kPlanes; ++plane)
            if (high >> (plane - kLowPlanes) & 1)
                planes[count++] = m_planes[plane];
        std::uint64_t *const sums = supersets + (std::size_t{high} << kLowPlanes);
        switch (count) {
        case 0: return addSupersetsOf<0>(planes, sums);
        case 1: return addSupersetsOf<1>(planes, sums);
        case 2: return addSupersetsOf<2>(planes, sums);
        case 3: return addSupersetsOf<3>(planes, sums);
        default: return addSupersetsOf<4>(planes, sums);
        }
    }

    /// Bytes with the bits of all of `planes` and of each set of the low ones.
    template <int Count> HWY_INLINE void addSupersetsOf(const std::uint64_t *const *planes, std::uint64_t *sums)
    {
        auto c0 = hn::Zero(kWords), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        auto c8 = c0, c9 = c0, c10 = c0, c11 = c0, c12 = c0, c13 = c0, c14 = c0, c15 = c0;
        const auto add = [](hn::Vec<Words> &sum, hn::Vec<Words> bits) HWY_ATTR { sum = hn::Add(sum, hn::PopulationCount(bits)); };
        for (std::size_t word = 0; word < m_words; word += hn::Lanes(kWords)) {
            auto all = hn::Set(kWords, ~std::uint64_t{0});
#pragma GCC unroll 4
            for (int i = 0; i < Count; ++i)
                all = hn::And(all, hn::Load(kWords, planes[i] + word));
            const auto p1 = hn::Load(kWords, m_planes[1] + word);
            const auto p2 = hn::Load(kWords, m_planes[2] + word);
            const auto p3 = hn::Load(kWords, m_planes[3] + word);
            const auto a0 = hn::And(all, hn::Load(kWords, m_planes[0] + word));
            const auto a1 = hn::And(all, p1);
            const auto a01 = hn::And(a0, p1);
            const auto a2 = hn::And(all, p2);
            const auto a02 = hn::And(a0, p2);
            const auto a12 = hn::And(a1, p2);
            const auto a012 = hn::And(a01, p2);
            add(c0, all);
            add(c1, a0);
            add(c2, a1);
            add(c3, a01);
            add(c4, a2);
            add(c5, a02);
            add(c6, a12);
            add(c7, a012);
            add(c8, hn::And(all, p3));
            add(c9, hn::And(a0, p3));
            add(c10, hn::And(a1, p3));
            add(c11, hn::And(a01, p3));
            add(c12, hn::And(a2, p3));
            add(c13, hn::And(a02, p3));
            add(c14, hn::And(a12, p3));
            add(c15, hn::And(a012, p3));
        }
        addSums(c0, c1, c2, c3, c4, c5, c6, c7, sums);
        addSums(c8, c9, c10, c11, c12, c13, c14, c15, sums + 8);
    }

    using Counts = hn::Vec<Words>;
    /// Adds the sum of the lanes of each vector, of eight at a time.
    static HWY_INLINE void addSums(Counts c0, Counts c1, Counts c2, Counts c3, Counts c4, Counts c5, Counts c6, Counts c7, std::uint64_t *sums)
    {
        static_assert(hn::MaxLanes(kWords) == 8);
        const auto pairs = [](Counts a, Counts b) HWY_ATTR { return hn::Add(hn::InterleaveLower(kWords, a, b), hn::InterleaveUpper(kWords, a, b)); };
        const auto blocks = [](Counts a, Counts b) HWY_ATTR { return hn::Add(hn::OddEvenBlocks(b, a), hn::SwapAdjacentBlocks(hn::OddEvenBlocks(a, b))); };
        const auto first = blocks(pairs(c0, c1), pairs(c2, c3)); // [01 of 128 bits, 23, 01, 23]
        const auto second = blocks(pairs(c4, c5), pairs(c6, c7));
        const auto all = hn::Add(hn::ConcatLowerLower(kWords, second, first), hn::ConcatUpperUpper(kWords, second, first));
        hn::StoreU(hn::Add(all, hn::LoadU(kWords, sums)), kWords, sums);
    }

    HWY_ALIGN std::uint64_t m_planes[kPlanes][kBlock / kWordBits];
    std::size_t m_words = 0;
    unsigned m_met = 0;
    std::size_t m_padding = 0;
};

/// Counts as many of the bytes as it is worth while; returns how many.
std::size_t CountSupersets(const std::uint8_t *bytes, std::size_t count, ByteCounts &supersets)
{
    constexpr std::size_t kFew = 512; // a block's cost is nearly the same however full it is
    BitPlanes planes;
    std::size_t first = 0;
    while (first + kFew <= count) {
        const std::size_t part = std::min(BitPlanes::kBlock, count - first);
        planes.split(bytes + first, part);
        planes.addSupersets(supersets);
        first += part;
    }
    return first;
}

/// From how many bytes have all bits of an index to how many are it: of every bit, less those that have it as well.
void InvertSupersets(ByteCounts &counts)
{
    const hn::ScalableTag<std::uint64_t> d;
    static_assert(hn::MaxLanes(d) == 8);
    for (std::size_t i = 0; i < counts.size(); i += 8) {
        auto v = hn::LoadU(d, counts.data() + i);
        v = hn::OddEven(v, hn::Sub(v, hn::DupOdd(v)));                           // bit 0: the lane beside
        v = hn::OddEvenBlocks(v, hn::Sub(v, hn::SwapAdjacentBlocks(v)));         // bit 1: the block beside
        v = hn::ConcatUpperLower(d, v, hn::Sub(v, hn::ConcatLowerUpper(d, v, v))); // bit 2: the half beside
        hn::StoreU(v, d, counts.data() + i);
    }
    for (std::size_t bit = 8; bit < counts.size(); bit *= 2)
        for (std::size_t set = 0; set < counts.size(); set += 2 * bit)
            for (std::size_t i = set; i < set + bit; i += 8)
                hn::StoreU(hn::Sub(hn::LoadU(d, counts.data() + i), hn::LoadU(d, counts.data() + i + bit)), d, counts.data() + i);
}

#else

std::size_t CountSupersets(const std::uint8_t *, std::size_t, ByteCounts &) { return 0; }
void InvertSupersets(ByteCounts &) {}

#endif

} // namespace quantloupe::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe {

HWY_EXPORT(CountSupersets);
HWY_EXPORT(InvertSupersets);

void ByteCounter::add(const std::uint8_t *bytes, std::size_t count)
{
    const std::size_t done = HWY_DYNAMIC_DISPATCH(CountSupersets)(bytes, count, m_supersets);
    countOneByOne(bytes + done, count - done, m_counts);
}

ByteCounts ByteCounter::take()
{
    ByteCounts counts = std::exchange(m_counts, {});
    if (m_supersets[0] == 0)
        return counts;
    ByteCounts exact = std::exchange(m_supersets, {});
    HWY_DYNAMIC_DISPATCH(InvertSupersets)(exact);
    for (std::size_t value = 0; value < counts.size(); ++value)
        counts[value] += exact[value];
    return counts;
}

} // namespace quantloupe

#endif
