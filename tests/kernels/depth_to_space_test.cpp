// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>
#include <limits>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(depth_to_space)

TEST(depth_to_space, refusesBlocksThatDoNotFit)
{
    const auto complaint = [](std::int64_t block) { return OperatorProbe("DEPTH_TO_SPACE").input({1, 2, 2, 4}).output({1, 4, 4, 1}).option("block_size", block).complaint(); };
    EXPECT_TRUE(says(complaint(0), "divides into blocks"));
    EXPECT_TRUE(says(complaint(3), "divides into blocks"));
    EXPECT_TRUE(says(complaint(std::numeric_limits<std::int64_t>::max()), "divides into blocks"));
    EXPECT_EQ(complaint(2), "");
}
