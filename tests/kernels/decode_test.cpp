// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(decode)

namespace {

/// The description that every coding starts with, then what belongs to it.
std::vector<std::uint8_t> ancillary(std::uint8_t coding, std::uint8_t parameters, std::uint8_t stride, const std::vector<std::uint8_t> &tables)
{
    const std::array<std::uint8_t, 16> description{coding, 1, 0, 0, 1, parameters, stride};
    std::vector<std::uint8_t> bytes(description.size() + tables.size());
    std::copy(tables.begin(), tables.end(), std::copy(description.begin(), description.end(), bytes.begin()));
    return bytes;
}

OperatorProbe probeOf(const std::vector<std::uint8_t> &encoded, const std::vector<std::uint8_t> &described, std::int32_t count, DataType type = DataType::Int8)
{
    OperatorProbe probe("TFLM_DECODE");
    probe.constant<std::uint8_t>({static_cast<std::int32_t>(encoded.size())}, encoded)
        .constant<std::uint8_t>({static_cast<std::int32_t>(described.size())}, described)
        .output({count}, type);
    return probe;
}

} // namespace

TEST(decode, refusesIndicesBeyondItsTable)
{
    EXPECT_TRUE(says(probeOf({0xE4}, ancillary(0, 2, 4, {1, 2, 3}), 4).complaint(), "at least 4 bytes of values"));
}

TEST(decode, refusesFewerEncodedBytesThanItsElementsNeed)
{
    EXPECT_TRUE(says(probeOf({0xE4}, ancillary(0, 2, 4, {1, 2, 3, 4}), 1000000).complaint(), "250000 encoded bytes"));
    EXPECT_TRUE(says(probeOf({0xE4}, ancillary(1, 0, 0, {0, 0x88, 1, 0x88}), 1000000).complaint(), "125000 encoded bytes"));
}

TEST(decode, refusesCodesThatLeadNowhere)
{
    const std::vector<std::uint8_t> onAndOn{0x00, 0x00, 0x00, 0x00}; // each entry leads to a table of one bit, 0 entries on
    EXPECT_TRUE(says(probeOf({0}, ancillary(1, 0, 0, onAndOn), 1).complaint(), "within the encoded bytes"));
    EXPECT_TRUE(says(probeOf({0xFF}, ancillary(1, 0, 0, {0xFF, 0x07, 0xFF, 0x07}), 1).complaint(), "a table of at least"));
    EXPECT_TRUE(says(probeOf({0xFF}, ancillary(1, 0, 0, {0x05, 0x80, 0x05, 0x80}), 1).complaint(), "codes of one bit or more"));
}

TEST(decode, refusesCodingsOfAnotherVersionOrKind)
{
    auto described = ancillary(7, 2, 4, {});
    EXPECT_TRUE(says(probeOf({0}, described, 1).complaint(), "coding 7"));
    described[1] = 2;
    EXPECT_TRUE(says(probeOf({0}, described, 1).complaint(), "versions 2 and 1"));
    EXPECT_TRUE(says(probeOf({0}, {0, 1}, 1).complaint(), "16 bytes or more"));
}
