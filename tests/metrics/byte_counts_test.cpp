// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/byte_counts.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace quantloupe;

namespace {

ByteCounts expectedCounts(const std::vector<std::uint8_t> &bytes)
{
    ByteCounts counts{};
    for (const std::uint8_t byte : bytes)
        ++counts[byte];
    return counts;
}

} // namespace

TEST(countBytes, countsEveryValueAtEveryLength)
{
    std::mt19937 random(3); // fixed: the test says one thing every time
    for (const std::size_t count : {0, 1, 9, 511, 512, 1023, 1024, 1025, 4095, 4096, 4097, 5119, 5120, 20000}) {
        std::vector<std::uint8_t> bytes(count);
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(random());
        ByteCounts counts{};
        countBytes(bytes.data(), count, counts);
        EXPECT_EQ(counts, expectedCounts(bytes)) << count;
    }
}

TEST(countBytes, addsToWhatIsThere)
{
    const std::vector<std::uint8_t> bytes(3000, 255);
    ByteCounts counts{};
    counts[255] = 5;
    countBytes(bytes.data(), bytes.size(), counts);
    EXPECT_EQ(counts[255], 3005u);
    EXPECT_EQ(counts[0], 0u);
}

TEST(countBytes, countsValuesOfFewBits)
{
    std::mt19937 random(4); // fixed: the test says one thing every time
    for (const unsigned mask : {0x00u, 0x01u, 0x07u, 0x1fu, 0x88u, 0xf0u}) {
        std::vector<std::uint8_t> bytes(9000);
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(random() & mask);
        ByteCounts counts{};
        countBytes(bytes.data() + 1, bytes.size() - 1, counts); // not aligned
        EXPECT_EQ(counts, expectedCounts({bytes.begin() + 1, bytes.end()})) << mask;
    }
}
