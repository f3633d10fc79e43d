// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(tile)

TEST(tile, refusesNegativeAndOversizedRepeats)
{
    const auto complaint = [](std::int64_t times) { return OperatorProbe("TILE").input({4}).constant<std::int64_t>({1}, {times}).output({8}).complaint(); };
    EXPECT_NE(complaint(-1), "");
    EXPECT_NE(complaint(std::int64_t{1} << 62), "");
    EXPECT_TRUE(says(complaint(1 << 27), "tensors of at most"));
    EXPECT_EQ(complaint(2), "");
}
