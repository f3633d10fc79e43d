// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::range_above_255_advice {
namespace {

std::vector<Finding> adviceOn(float scale)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    c.graph.op("ABS", {x}, "y", {1, 4}, scale);
    c.row();
    return c.advice("range-above-255");
}

} // namespace

TEST(range_above_255, firesOnStepsOfMoreThanOne)
{
    const auto advice = adviceOn(2.0f);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("510"), std::string::npos) << advice[0].evidence;
}

TEST(range_above_255, isSilentUpToIt)
{
    EXPECT_TRUE(adviceOn(1.0f).empty());
    EXPECT_TRUE(adviceOn(0.05f).empty());
}

} // namespace quantloupe::test::range_above_255_advice
