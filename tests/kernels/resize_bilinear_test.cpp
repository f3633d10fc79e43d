// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(resize_bilinear)

TEST(resize_bilinear, refusesEmptySizesAndBothPlacements)
{
    const auto resize = [](std::int32_t height, std::int64_t both) {
        return OperatorProbe("RESIZE_BILINEAR").input({1, 2, 2, 1}).constant<std::int32_t>({2}, {height, 3}).output({1, 3, 3, 1}).option("align_corners", both).option("half_pixel_centers", both).complaint();
    };
    EXPECT_TRUE(says(resize(0, 0), "a size of 1x1 or more"));
    EXPECT_TRUE(says(resize(3, 1), "align_corners or half_pixel_centers"));
    EXPECT_EQ(resize(3, 0), "");
}
