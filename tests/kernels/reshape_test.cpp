// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(reshape)

TEST(reshape, refusesAnotherNumberOfElements)
{
    EXPECT_TRUE(says(OperatorProbe("RESHAPE").input({2, 3}).output({5}).option("new_shape", std::vector<std::int64_t>{5}).complaint(), "a shape of 6 elements, got [5]"));
}

TEST(reshape, refusesTwoOpenDimensions)
{
    EXPECT_NE(OperatorProbe("RESHAPE").input({2, 3}).constant<std::int32_t>({2}, {-1, -1}).output({2, 3}).complaint(), "");
}

TEST(reshape, refusesDimensionsWhoseProductOverflows)
{
    EXPECT_NE(OperatorProbe("RESHAPE").input({2, 3}).constant<std::int32_t>({3}, {1 << 30, 1 << 30, 6}).output({6}).complaint(), "");
}

TEST(reshape, takesAShapeComputedAtRunTime)
{
    OperatorProbe probe("RESHAPE");
    probe.input({2}, DataType::Int32).input({2}, DataType::Int32).output({1, 1}, DataType::Int32);
    EXPECT_EQ(probe.run<std::int32_t>({{7, 8}, {2, -1}}).value(), (std::vector<std::int32_t>{7, 8}));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{7, 8}, {3, 1}}).error(), "a shape of 2 elements"));
}
