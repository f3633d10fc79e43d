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

#ifndef QUANTLOUPE_BYTE_COUNTS_ONCE
#define QUANTLOUPE_BYTE_COUNTS_ONCE

namespace quantloupe {

/// Counts in several tables by turns: an increment does not wait for the one before it, which is often of the same byte.
inline void countOneByOne(const std::uint8_t *bytes, std::size_t count, ByteCounts &counts)
{
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
        m_padding += end - count;
    }

    /// Adds how many bytes have the bits of each set of planes. Planes without any bit are left out.
    HWY_INLINE void addSupersets()
    {
        const unsigned highMet = m_met >> kLowPlanes;
        unsigned high = highMet;
        while (true) { // all subsets of the high planes
            addSupersetsWith(high);
            if (high == 0)
                break;
            high = (high - 1) & highMet;
        }
    }

    /// Adds the counts of the values.
    HWY_INLINE void take(ByteCounts &counts)
    {
        m_supersets[0] -= m_padding;
        for (std::size_t bit = 1; bit < counts.size(); bit *= 2)
            for (std::size_t set = 0; set < counts.size(); set += 2 * bit)
                for (std::size_t i = set; i < set + bit; ++i)
                    m_supersets[i] -= m_supersets[i + bit];
        for (std::size_t value = 0; value < counts.size(); ++value)
            counts[value] += m_supersets[value];
    }

private:
    using Bytes = hn::ScalableTag<std::uint8_t>;
    using Words = hn::ScalableTag<std::uint64_t>;
    static constexpr Bytes kBytes{};
    static constexpr Words kWords{};
    static constexpr int kPlanes = 8;
    static constexpr int kLowPlanes = 4; ///< whose sets are counted at a time, in registers
    static constexpr std::size_t kWordBits = 64;

    HWY_INLINE void addSupersetsWith(unsigned high)
    {
        const std::uint64_t *planes[kPlanes];
        int count = 0;
        for (int plane = kLowPlanes; plane < kPlanes; ++plane)
            if (high >> (plane - kLowPlanes) & 1)
                planes[count++] = m_planes[plane];
        std::uint64_t *const sums = m_supersets + (std::size_t{high} << kLowPlanes);
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
        const auto sumOf = [](hn::Vec<Words> counts) HWY_ATTR { return hn::GetLane(hn::SumOfLanes(kWords, counts)); };
        sums[0] += sumOf(c0);
        sums[1] += sumOf(c1);
        sums[2] += sumOf(c2);
        sums[3] += sumOf(c3);
        sums[4] += sumOf(c4);
        sums[5] += sumOf(c5);
        sums[6] += sumOf(c6);
        sums[7] += sumOf(c7);
        sums[8] += sumOf(c8);
        sums[9] += sumOf(c9);
        sums[10] += sumOf(c10);
        sums[11] += sumOf(c11);
        sums[12] += sumOf(c12);
        sums[13] += sumOf(c13);
        sums[14] += sumOf(c14);
        sums[15] += sumOf(c15);
    }

    HWY_ALIGN std::uint64_t m_planes[kPlanes][kBlock / kWordBits];
    HWY_ALIGN std::uint64_t m_supersets[256] = {};
    std::size_t m_words = 0;
    unsigned m_met = 0;
    std::size_t m_padding = 0;
};

void CountBytes(const std::uint8_t *bytes, std::size_t count, ByteCounts &counts)
{
    constexpr std::size_t kFew = 512; // a block's cost is nearly the same however full it is
    if (count < kFew)
        return countOneByOne(bytes, count, counts);
    BitPlanes planes;
    std::size_t first = 0;
    for (; first + kFew <= count; first += BitPlanes::kBlock) {
        planes.split(bytes + first, std::min(BitPlanes::kBlock, count - first));
        planes.addSupersets();
    }
    planes.take(counts);
    if (first < count)
        countOneByOne(bytes + first, count - first, counts);
}

#else

void CountBytes(const std::uint8_t *bytes, std::size_t count, ByteCounts &counts) { countOneByOne(bytes, count, counts); }

#endif

} // namespace quantloupe::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace quantloupe {

HWY_EXPORT(CountBytes);

void countBytes(const std::uint8_t *bytes, std::size_t count, ByteCounts &counts) { HWY_DYNAMIC_DISPATCH(CountBytes)(bytes, count, counts); }

} // namespace quantloupe

#endif
