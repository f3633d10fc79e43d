// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(pad)

TEST(pad, refusesNegativePaddingsAndOversizedResults)
{
    EXPECT_TRUE(says(OperatorProbe("PAD").input({4}).constant<std::int32_t>({1, 2}, {-1, 0}).output({3}).complaint(), "paddings of 0 or more, got -1 and 0"));
    EXPECT_NE(OperatorProbe("PAD").input({4}).constant<std::int64_t>({1, 2}, {std::int64_t{1} << 62, std::int64_t{1} << 62}).output({3}).complaint(), "");
}
