// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(broadcast_to)

TEST(broadcast_to, refusesShapesThatDoNotFit)
{
    EXPECT_TRUE(says(OperatorProbe("BROADCAST_TO").input({2, 3}).constant<std::int32_t>({2}, {3, 3}).output({3, 3}).complaint(), "a shape that 2x3 broadcasts to, got 3x3"));
    EXPECT_TRUE(says(OperatorProbe("BROADCAST_TO").input({2, 3}).constant<std::int32_t>({1}, {3}).output({3}).complaint(), "a shape that 2x3 broadcasts to, got 3"));
}
