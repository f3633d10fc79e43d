// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(batch_to_space_nd)

TEST(batch_to_space_nd, refusesBatchesThatDoNotDivideAndCropsOfMoreThanAll)
{
    const auto complaint = [](std::int32_t batch, std::int32_t crop) {
        return OperatorProbe("BATCH_TO_SPACE_ND").input({batch, 2, 1}).constant<std::int32_t>({1}, {2}).constant<std::int32_t>({1, 2}, {crop, 0}).output({1, 4, 1}).complaint();
    };
    EXPECT_TRUE(says(complaint(3, 0), "a batch that divides by 2"));
    EXPECT_TRUE(says(complaint(2, 5), "dimensions of 0"));
    EXPECT_EQ(complaint(2, 4), "");
}
