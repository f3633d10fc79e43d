// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

// Differences 3, 1, 1 and -1 of four finite elements, and one that is not finite: sum 4, squares 12.
TEST(mean_error, isTakenOverTheFiniteElementsOfASample)
{
    const Metric &metric = *metrics()[static_cast<std::size_t>(metricIndex("mean_error"))];
    const ErrorSums sums{.count = 4, .notFinite = 1, .diff = 4.0, .diffSquared = 12.0, .maxAbsDiff = 3.0};
    EXPECT_DOUBLE_EQ(metric.ofSample(sums), 1.0);
    EXPECT_TRUE(metric.isReportColumn);
}
