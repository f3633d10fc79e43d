// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(transpose)

TEST(transpose, refusesAnAxisTwice)
{
    EXPECT_TRUE(says(OperatorProbe("TRANSPOSE").input({2, 3}).constant<std::int32_t>({2}, {1, 1}).output({3, 2}).complaint(), "every axis once, got [1, 1]"));
}

TEST(transpose, refusesAxesOutside)
{
    EXPECT_TRUE(says(OperatorProbe("TRANSPOSE").input({2, 3}).constant<std::int32_t>({2}, {0, 2}).output({3, 2}).complaint(), "an axis of -2 to 1"));
}
