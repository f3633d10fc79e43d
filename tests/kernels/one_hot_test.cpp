// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(one_hot)

TEST(one_hot, refusesADepthBelow0)
{
    EXPECT_TRUE(says(OperatorProbe("ONE_HOT").input({2}, DataType::Int32).constant<std::int32_t>({}, {-1}).constant<float>({}, {1}).constant<float>({}, {0}).output({2, 1}).option("axis", std::int64_t{-1}).complaint(), "dimensions of 0"));
}
