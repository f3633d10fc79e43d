// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(average_pool_2d)

TEST(average_pool_2d, refusesFiltersAndStridesBelow1)
{
    const auto pool = [](std::int64_t filter, std::int64_t stride) {
        OperatorProbe probe("AVERAGE_POOL_2D");
        probe.input({1, 4, 4, 1}).output({1, 4, 4, 1});
        for (const char *const name : {"filter_height", "filter_width"})
            probe.option(name, filter);
        for (const char *const name : {"stride_h", "stride_w"})
            probe.option(name, stride);
        return probe.complaint();
    };
    EXPECT_TRUE(says(pool(0, 1), "a filter of 1x1 or more"));
    EXPECT_TRUE(says(pool(std::int64_t{1} << 40, 1), "a filter of 1x1 or more"));
    EXPECT_NE(pool(2, 0), "");
    EXPECT_EQ(pool(2, 1), "");
}
