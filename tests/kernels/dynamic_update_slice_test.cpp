// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>
#include <limits>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(dynamic_update_slice)

TEST(dynamic_update_slice, movesAnUpdateThatWouldReachOutside)
{
    OperatorProbe probe("DYNAMIC_UPDATE_SLICE");
    probe.input({4}, DataType::Int32).input({2}, DataType::Int32).input({1}, DataType::Int32).output({4}, DataType::Int32);
    constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
    constexpr auto kLeast = std::numeric_limits<std::int32_t>::min();
    EXPECT_EQ(probe.run<std::int32_t>({{1, 2, 3, 4}, {8, 9}, {kMost}}).value(), (std::vector<std::int32_t>{1, 2, 8, 9}));
    EXPECT_EQ(probe.run<std::int32_t>({{1, 2, 3, 4}, {8, 9}, {kLeast}}).value(), (std::vector<std::int32_t>{8, 9, 3, 4}));
}

TEST(dynamic_update_slice, refusesAnUpdateThatIsTooLarge)
{
    EXPECT_TRUE(says(OperatorProbe("DYNAMIC_UPDATE_SLICE").input({2}).input({3}).input({1}, DataType::Int32).output({2}).complaint(), "an update that fits into 2"));
}
