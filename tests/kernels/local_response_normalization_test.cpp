// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(local_response_normalization)

TEST(local_response_normalization, refusesAnotherRank)
{
    EXPECT_TRUE(says(OperatorProbe("LOCAL_RESPONSE_NORMALIZATION").input({2, 3}).output({2, 3}).complaint(), "rank 4"));
}
