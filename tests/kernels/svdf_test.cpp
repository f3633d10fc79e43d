// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;

QL_GOLDEN_TESTS(svdf)

TEST(svdf, refusesARankOf0AndAStateThatIsNoVariable)
{
    test::OperatorProbe probe("SVDF");
    probe.input({1, 2}).constant<float>({2, 2}, {1, 2, 3, 4}).constant<float>({2, 3}, {1, 2, 3, 4, 5, 6}).constant<float>({2}, {0, 0}).input({1, 6}).output({1, 2});
    EXPECT_TRUE(test::says(probe.complaint(), "a rank that divides 2 filters"));
    probe.option("rank", std::int64_t{1});
    EXPECT_TRUE(test::says(probe.complaint(), "a variable state of 6 elements"));
}
