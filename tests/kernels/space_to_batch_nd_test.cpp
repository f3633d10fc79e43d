// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(space_to_batch_nd)

TEST(space_to_batch_nd, refusesBlocksThatDoNotFit)
{
    const auto complaint = [](std::int32_t block, std::int32_t before) {
        return OperatorProbe("SPACE_TO_BATCH_ND").input({1, 4, 1}).constant<std::int32_t>({1}, {block}).constant<std::int32_t>({1, 2}, {before, 0}).output({2, 2, 1}).complaint();
    };
    EXPECT_TRUE(says(complaint(0, 0), "blocks of 1 or more"));
    EXPECT_TRUE(says(complaint(2, -2), "paddings and crops of 0 or more"));
    EXPECT_TRUE(says(complaint(2, 1), "a padded axis that divides by 2, got 5"));
    EXPECT_EQ(complaint(2, 2), "");
}
