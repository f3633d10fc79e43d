// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(embedding_lookup)

TEST(embedding_lookup, failsOnAnIndexOutsideWhenItRuns)
{
    OperatorProbe probe("EMBEDDING_LOOKUP");
    probe.input({1}, DataType::Int32).constant<std::int32_t>({2, 2}, {1, 2, 3, 4}).output({1, 2}, DataType::Int32);
    EXPECT_EQ(probe.run<std::int32_t>({{1}}).value(), (std::vector<std::int32_t>{3, 4}));
    EXPECT_TRUE(says(probe.run<std::int32_t>({{-1}}).error(), "indices of 0 to 1, got -1"));
}
