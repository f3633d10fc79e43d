// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::clipping_advice {
namespace {

std::vector<Finding> adviceOn(std::uint64_t above, const char *op = "ABS")
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    c.graph.op(op, {x}, "y", {1, 4}, 0.1f);
    c.row().local->floatValues.above = above;
    return c.advice("clipping");
}

} // namespace

TEST(clipping, firesWhereTheFloatModelGoesBeyondTheRange)
{
    const auto advice = adviceOn(1600);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("5.9 %"), std::string::npos) << advice[0].evidence;
}

TEST(clipping, isSilentWhereTheGridIsNotTheDatas)
{
    EXPECT_TRUE(adviceOn(1600, "SOFTMAX").empty());
}

TEST(clipping, isSilentOnARareExtreme)
{
    EXPECT_TRUE(adviceOn(0).empty());
    EXPECT_TRUE(adviceOn(20).empty());
}

} // namespace quantloupe::test::clipping_advice
