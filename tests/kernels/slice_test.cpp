// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>
#include <limits>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(slice)

TEST(slice, refusesToReachOutside)
{
    const auto complaint = [](std::int64_t begin, std::int64_t size) { return OperatorProbe("SLICE").input({4}).constant<std::int64_t>({1}, {begin}).constant<std::int64_t>({1}, {size}).output({2}).complaint(); };
    EXPECT_TRUE(says(complaint(3, 2), "a slice of axis 0 within 4, got 2 elements from 3"));
    EXPECT_NE(complaint(-1, 2), "");
    EXPECT_NE(complaint(1, std::numeric_limits<std::int64_t>::max()), "");
    EXPECT_NE(complaint(std::numeric_limits<std::int64_t>::min(), -1), "");
    EXPECT_EQ(complaint(1, -1), "");
}
