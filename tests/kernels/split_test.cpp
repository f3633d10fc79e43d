// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(split)

TEST(split, refusesUnevenParts)
{
    EXPECT_TRUE(says(OperatorProbe("SPLIT").constant<std::int32_t>({}, {0}).input({5}).output({2}).output({2}).complaint(), "a number of outputs that divides 5, got 2"));
}
