// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <gtest/gtest.h>

using namespace quantloupe;

TEST(share_at_min, countsCodesAtTheEndOfTheRange)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("share_at_min"))];
    EXPECT_DOUBLE_EQ(metric.ofSample({.count = 3, .notFinite = 1, .atMinCode = 1}), 0.25);
}
