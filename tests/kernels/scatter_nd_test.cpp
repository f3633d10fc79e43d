// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(scatter_nd)

TEST(scatter_nd, failsOnAnIndexOutsideWhenItRuns)
{
    OperatorProbe probe("SCATTER_ND");
    probe.input({1, 1}, DataType::Int32).input({1}, DataType::Int32).constant<std::int32_t>({1}, {3}).output({3}, DataType::Int32);
    EXPECT_EQ(probe.run<std::int32_t>({{2}, {7}}).value(), (std::vector<std::int32_t>{0, 0, 7}));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{3}, {7}}).error(), "indices of 0 to 2, got 3"));
}

TEST(scatter_nd, refusesUpdatesThatDoNotFit)
{
    EXPECT_TRUE(says(OperatorProbe("SCATTER_ND").input({1, 1}, DataType::Int32).input({2}).constant<std::int32_t>({1}, {3}).output({3}).complaint(), "updates of 1 x 1 elements"));
}
