// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(select)

TEST(select, refusesAConditionOfAnotherShape)
{
    EXPECT_TRUE(says(OperatorProbe("SELECT").input({3}, DataType::Bool).input({2, 3}).input({2, 3}).output({2, 3}).complaint(), "a condition of that shape or of its rows"));
}
