// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>
#include <limits>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(range)

TEST(range, refusesALengthThatFillsTheMemory)
{
    EXPECT_NE(OperatorProbe("RANGE").constant<std::int64_t>({}, {0}).constant<std::int64_t>({}, {std::numeric_limits<std::int64_t>::max()}).constant<std::int64_t>({}, {1}).output({1}, DataType::Int64).complaint(), "");
}

TEST(range, failsWhenDeltaLeadsAway)
{
    OperatorProbe probe("RANGE");
    probe.input({}, DataType::Int32).input({}, DataType::Int32).input({}, DataType::Int32).output({1}, DataType::Int32);
    EXPECT_EQ(probe.run<std::int32_t>({{1}, {6}, {2}}).value(), (std::vector<std::int32_t>{1, 3, 5}));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{1}, {6}, {-2}}).error(), "a delta that leads from start to limit"));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{1}, {6}, {0}}).error(), "1 to 6 by 0"));
}
