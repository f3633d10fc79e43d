// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::few_elements_advice {
namespace {

std::vector<Finding> adviceOn(int elements, double rmseOverScale, std::size_t samples)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    c.graph.op("FULLY_CONNECTED", {x}, "y", {1, elements}, 0.1f);
    c.row(rmseOverScale);
    c.report.samples = samples;
    return c.advice("few-elements");
}

} // namespace

TEST(few_elements, firesOnAnOutlierOfOneElement)
{
    const auto advice = adviceOn(1, 2.0, 50);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("50 values"), std::string::npos) << advice[0].evidence;
    EXPECT_NE(advice[0].evidence.find("10 %"), std::string::npos) << advice[0].evidence;
}

TEST(few_elements, isSilentOnManyElementsManySamplesAndNoOutlier)
{
    EXPECT_TRUE(adviceOn(40, 2.0, 50).empty());
    EXPECT_TRUE(adviceOn(1, 2.0, 5000).empty());
    EXPECT_TRUE(adviceOn(1, 0.3, 50).empty());
}

} // namespace quantloupe::test::few_elements_advice
