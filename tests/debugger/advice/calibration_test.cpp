// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::calibration_advice {
namespace {

/// Four tensors, of which so many leave half of their codes unused.
std::vector<Finding> adviceOn(int narrow)
{
    AdviceCase c;
    TensorIndex x = c.graph.input("x", {1, 4}, DataType::Int8);
    for (int i = 0; i < 4; ++i) {
        x = c.graph.op("ABS", {x}, "y" + std::to_string(i), {1, 4}, 0.1f);
        TensorComparison &row = c.row();
        if (i < narrow)
            row.quantizedValues = codes([](int code) { return std::uint64_t(code < 100 ? 50 : 0); });
    }
    return c.advice("calibration");
}

} // namespace

TEST(calibration, firesWhereManyRangesDoNotFit)
{
    const auto advice = adviceOn(3);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("Of 4 tensors 0 are clipped and 3 leave"), std::string::npos) << advice[0].evidence;
}

TEST(calibration, isSilentOnOne)
{
    EXPECT_TRUE(adviceOn(0).empty());
    EXPECT_TRUE(adviceOn(1).empty());
}

} // namespace quantloupe::test::calibration_advice
