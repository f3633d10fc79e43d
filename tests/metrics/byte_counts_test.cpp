// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/byte_counts.h"

#include "kernels/simd/every_target.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace quantloupe;

namespace {

ByteCounts countsOf(const std::uint8_t *bytes, std::size_t count)
{
    ByteCounter counter;
    counter.add(bytes, count);
    return counter.take();
}

ByteCounts expectedCounts(const std::vector<std::uint8_t> &bytes)
{
    ByteCounts counts{};
    for (const std::uint8_t byte : bytes)
        ++counts[byte];
    return counts;
}

} // namespace

TEST(ByteCounter, countsEveryValueAtEveryLength)
{
    std::mt19937 random(3); // fixed: the test says one thing every time
    for (const std::size_t count : {0, 1, 9, 511, 512, 1023, 1024, 1025, 4095, 4096, 4097, 5119, 5120, 20000}) {
        std::vector<std::uint8_t> bytes(count);
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(random());
        test::onEveryTarget([&] { EXPECT_EQ(countsOf(bytes.data(), count), expectedCounts(bytes)) << count; });
    }
}

TEST(ByteCounter, addsToWhatIsThere)
{
    const std::vector<std::uint8_t> bytes(3000, 255);
    ByteCounter counter;
    counter.add(bytes.data(), 5);
    counter.add(bytes.data(), bytes.size());
    const ByteCounts counts = counter.take();
    EXPECT_EQ(counts[255], 3005u);
    EXPECT_EQ(counts[0], 0u);
    EXPECT_EQ(counter.take(), ByteCounts{}) << "taken";
}

TEST(ByteCounter, countsValuesOfFewBits)
{
    std::mt19937 random(4); // fixed: the test says one thing every time
    for (const unsigned mask : {0x00u, 0x01u, 0x07u, 0x1fu, 0x88u, 0xf0u}) {
        std::vector<std::uint8_t> bytes(9000);
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(random() & mask);
        EXPECT_EQ(countsOf(bytes.data() + 1, bytes.size() - 1) /* not aligned */, expectedCounts({bytes.begin() + 1, bytes.end()})) << mask;
    }
}
