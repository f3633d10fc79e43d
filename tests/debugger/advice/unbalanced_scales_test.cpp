// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::unbalanced_scales_advice {
namespace {

std::vector<Finding> adviceOn(const char *op, float first, float second)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    const TensorIndex a = c.graph.op("ABS", {x}, "a", {1, 4}, first);
    const TensorIndex b = c.graph.op("NEG", {x}, "b", {1, 4}, second);
    c.graph.op(op, {a, b}, "y", {1, 4}, 0.1f);
    c.row();
    return c.advice("unbalanced-scales");
}

} // namespace

TEST(unbalanced_scales, firesOnBranchesOfVeryDifferentRanges)
{
    const auto advice = adviceOn("CONCATENATION", 0.1f, 0.001f);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("a factor of 100"), std::string::npos) << advice[0].evidence;
    EXPECT_EQ(adviceOn("ADD", 0.001f, 0.1f).size(), 1u);
}

TEST(unbalanced_scales, isSilentOnLikeRangesAndOnProducts)
{
    EXPECT_TRUE(adviceOn("CONCATENATION", 0.1f, 0.05f).empty());
    EXPECT_TRUE(adviceOn("MUL", 0.1f, 0.001f).empty());
}

} // namespace quantloupe::test::unbalanced_scales_advice
