// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(gather)

TEST(gather, failsOnAnIndexOutsideWhenItRuns)
{
    OperatorProbe probe("GATHER");
    probe.input({3}, DataType::Int32).input({2}, DataType::Int32).output({2}, DataType::Int32);
    EXPECT_EQ(probe.run<std::int32_t>({{7, 8, 9}, {2, 0}}).value(), (std::vector<std::int32_t>{9, 7}));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{7, 8, 9}, {0, 3}}).error(), "indices of 0 to 2, got 3"));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{7, 8, 9}, {-1, 0}}).error(), "got -1"));
}

TEST(gather, refusesBatchDimsBeyondTheAxis)
{
    EXPECT_TRUE(says(OperatorProbe("GATHER").input({3, 4}).input({3, 2}, DataType::Int32).output({3, 2}).option("batch_dims", std::int64_t{1}).complaint(), "batch_dims of 0 to 0"));
}
