// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(unpack)

TEST(unpack, refusesAnotherNumberOfOutputs)
{
    EXPECT_TRUE(says(OperatorProbe("UNPACK").input({3, 2}).output({2}).output({2}).complaint(), "3 outputs, got 2"));
}
