// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

TEST(rmse_over_scale, ofUniformRoundingIsTheIdeal)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("rmse/scale"))];
    const double scale = 0.05;
    EXPECT_NEAR(metric.ofAverages({.meanSquaredError = scale * scale / 12.0, .scale = scale, .codes = 255.0}), metric.ideal, 1e-12);
}

TEST(rmse_over_scale, withoutAScaleIsNotANumber)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("rmse/scale"))];
    EXPECT_TRUE(std::isnan(metric.ofAverages({.meanSquaredError = 1.0, .scale = 0.0, .codes = 255.0})));
}
