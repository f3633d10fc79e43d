// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(topk_v2)

TEST(topk_v2, refusesMoreThanThereAre)
{
    EXPECT_TRUE(says(OperatorProbe("TOPK_V2").input({2, 3}).constant<std::int32_t>({1}, {4}).output({2, 4}).output({2, 4}, DataType::Int32).complaint(), "k of 0 to 3"));
}

TEST(topk_v2, ofEqualsTheEarlierComesFirst)
{
    const auto result = OperatorProbe("TOPK_V2").input({1, 4}).constant<std::int32_t>({1}, {3}).output({1, 3}).output({1, 3}, DataType::Int32).run<float>({{2, 5, 5, 1}});
    ASSERT_TRUE(result) << result.error();
    EXPECT_EQ(*result, (std::vector<float>{5, 5, 2}));
}
