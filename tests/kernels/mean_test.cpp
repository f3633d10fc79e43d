// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(mean)

TEST(mean, refusesToAverageNothing)
{
    EXPECT_TRUE(says(OperatorProbe("MEAN").input({0, 3}).constant<std::int32_t>({1}, {0}).output({3}).complaint(), "at least one element to average"));
}

TEST(mean, refusesScalesOf0)
{
    EXPECT_TRUE(says(OperatorProbe("MEAN").input({2}, DataType::Int8).constant<std::int32_t>({1}, {0}).output({}, DataType::Int8).complaint(), "scales above 0"));
}
