// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(gather_nd)

TEST(gather_nd, failsOnAnIndexOutsideWhenItRuns)
{
    OperatorProbe probe("GATHER_ND");
    probe.input({2, 2}, DataType::Int32).input({1, 2}, DataType::Int32).output({1}, DataType::Int32);
    EXPECT_EQ(probe.run<std::int32_t>({{1, 2, 3, 4}, {1, 0}}).value(), std::vector<std::int32_t>{3});
    EXPECT_TRUE(says(probe.run<std::int32_t>({{1, 2, 3, 4}, {0, 2}}).error(), "indices of 0 to 1, got 2"));
}

TEST(gather_nd, refusesRowsLongerThanTheRank)
{
    EXPECT_TRUE(says(OperatorProbe("GATHER_ND").input({4}).input({1, 2}, DataType::Int32).output({1}).complaint(), "rows of at most 1 indices"));
}
