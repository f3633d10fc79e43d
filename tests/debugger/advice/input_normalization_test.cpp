// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::input_normalization_advice {
namespace {

std::vector<Finding> adviceOn(InputStatistics input)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    c.graph.op("ABS", {x}, "y", {1, 4}, 0.1f);
    c.row();
    c.inputs = {input};
    return c.advice("input-normalization");
}

} // namespace

TEST(input_normalization, firesOnRawPixels)
{
    const auto advice = adviceOn({120.0, 60.0, 0.0, 255.0, 40});
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("from 0 to 255"), std::string::npos) << advice[0].evidence;
    EXPECT_EQ(advice[0].samples, 40u);
}

TEST(input_normalization, firesOnAnOffset)
{
    EXPECT_EQ(adviceOn({5.0, 1.0, 3.0, 7.0, 40}).size(), 1u);
}

TEST(input_normalization, isSilentOnNormalisedDataAndWithoutAny)
{
    EXPECT_TRUE(adviceOn({0.1, 1.0, -4.0, 5.0, 40}).empty());
    EXPECT_TRUE(adviceOn({0.0, 0.5, -1.0, 1.0, 40}).empty());
    EXPECT_TRUE(adviceOn({120.0, 60.0, 0.0, 255.0, 0}).empty());
}

} // namespace quantloupe::test::input_normalization_advice
