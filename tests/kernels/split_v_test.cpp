// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(split_v)

TEST(split_v, refusesLengthsThatDoNotAddUp)
{
    EXPECT_TRUE(says(OperatorProbe("SPLIT_V").input({6}).constant<std::int32_t>({2}, {2, 3}).constant<std::int32_t>({}, {0}).output({2}).output({3}).complaint(), "lengths that add up to 6, got [2, 3]"));
    EXPECT_NE(OperatorProbe("SPLIT_V").input({6}).constant<std::int32_t>({2}, {7, -1}).constant<std::int32_t>({}, {0}).output({7}).output({0}).complaint(), "");
    EXPECT_NE(OperatorProbe("SPLIT_V").input({6}).constant<std::int32_t>({2}, {-1, -1}).constant<std::int32_t>({}, {0}).output({3}).output({3}).complaint(), "");
}
