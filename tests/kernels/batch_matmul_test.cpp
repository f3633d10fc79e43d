// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(batch_matmul)

TEST(batch_matmul, refusesMatricesThatDoNotMeet)
{
    EXPECT_TRUE(says(OperatorProbe("BATCH_MATMUL").input({2, 3}).input({4, 5}).output({2, 5}).complaint(), "matrices that meet in 3 elements"));
    EXPECT_TRUE(says(OperatorProbe("BATCH_MATMUL").input({2, 2, 3}).input({3, 3, 5}).output({2, 2, 5}).complaint(), "broadcast together"));
    EXPECT_TRUE(says(OperatorProbe("BATCH_MATMUL").input({3}).input({3, 5}).output({5}).complaint(), "two matrices"));
}
