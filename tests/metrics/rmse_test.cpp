// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <gtest/gtest.h>

using namespace quantloupe;

TEST(rmse, isTheRootOfTheMeanSquare)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("rmse"))];
    EXPECT_DOUBLE_EQ(metric.ofAverages({.meanSquaredError = 9.0, .scale = 0.5, .codes = 255.0}), 3.0);
}
