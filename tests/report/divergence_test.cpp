// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/divergence.h"

#include <gtest/gtest.h>
#include <limits>

namespace quantloupe::test {
namespace {

RnnQuantity hiddenOf(float scale)
{
    RnnQuantity quantity;
    quantity.scale = scale;
    return quantity;
}

RnnError errorOf(std::vector<double> rmse)
{
    RnnError error;
    error.rmse = std::move(rmse);
    return error;
}

TEST(divergence, isTheFirstStepPastTheThresholdInStepsOfTheScale)
{
    EXPECT_EQ(divergenceStep(hiddenOf(0.5f), errorOf({0.1, 0.3, 0.36, 0.2, 0.9}), 0.7), std::optional<std::size_t>(2));
    EXPECT_EQ(divergenceStep(hiddenOf(0.5f), errorOf({0.4, 0.1}), 0.7), std::optional<std::size_t>(0));
}

TEST(divergence, isNothingWhereTheErrorStaysBelowOrIsNotKnown)
{
    EXPECT_EQ(divergenceStep(hiddenOf(0.5f), errorOf({0.1, 0.35}), 0.7), std::nullopt);
    EXPECT_EQ(divergenceStep(hiddenOf(0.5f), errorOf({}), 0.7), std::nullopt);
    EXPECT_EQ(divergenceStep(hiddenOf(0.5f), errorOf({std::numeric_limits<double>::quiet_NaN()}), 0.7), std::nullopt);
}

} // namespace
} // namespace quantloupe::test
