// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(arg_max)

TEST(arg_max, refusesToChooseFromNothing)
{
    EXPECT_TRUE(says(OperatorProbe("ARG_MAX").input({2, 0}).constant<std::int32_t>({}, {1}).output({2}, DataType::Int32).complaint(), "at least one element to choose from"));
}
