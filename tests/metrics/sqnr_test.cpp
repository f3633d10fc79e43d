// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

TEST(sqnr, ofAnErrorATenthOfTheSignalIsTwentyDecibels)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("sqnr"))];
    EXPECT_NEAR(metric.ofSample({.count = 2, .diffSquared = 0.02, .floatSquared = 2.0}), 20.0, 1e-12);
}

TEST(sqnr, withoutErrorIsLeftOutOfTheAverage)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("sqnr"))];
    EXPECT_TRUE(std::isnan(metric.ofSample({.count = 2, .diffSquared = 0.0, .floatSquared = 2.0})));
}
