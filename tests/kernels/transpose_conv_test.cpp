// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(transpose_conv)

TEST(transpose_conv, refusesShapesThatDoNotMeet)
{
    EXPECT_TRUE(says(OperatorProbe("TRANSPOSE_CONV").constant<std::int32_t>({4}, {1, 4, 4, 2}).input({2, 3, 3, 1}).input({1, 2, 2, 5}).output({1, 4, 4, 2}).complaint(), "filter [o, fh, fw, i]"));
    EXPECT_NE(OperatorProbe("TRANSPOSE_CONV").constant<std::int32_t>({4}, {1, -4, 4, 2}).input({2, 3, 3, 1}).input({1, 2, 2, 1}).output({1, 4, 4, 2}).complaint(), "");
}
