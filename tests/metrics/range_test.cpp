// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <gtest/gtest.h>

using namespace quantloupe;

TEST(range, isCodesTimesScale)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("range"))];
    EXPECT_DOUBLE_EQ(metric.ofAverages({.meanSquaredError = 0.0, .scale = 0.5, .codes = 65535.0}), 32767.5);
}
