// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>
#include <limits>

using namespace quantloupe;

QL_GOLDEN_TESTS(floor_div)

TEST(floor_div, wrapsTheSmallestIntegerOverMinusOneAndRefusesDivisorsOf0)
{
    test::OperatorProbe probe("FLOOR_DIV");
    probe.input({2}, DataType::Int32).input({2}, DataType::Int32).output({2}, DataType::Int32);
    constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
    const auto quotients = probe.run<std::int32_t>({{kMin, -7}, {-1, 2}});
    ASSERT_TRUE(quotients) << quotients.error();
    EXPECT_EQ(*quotients, (std::vector<std::int32_t>{kMin, -4}));
    const auto byZero = probe.run<std::int32_t>({{1, 1}, {1, 0}});
    ASSERT_FALSE(byZero);
    EXPECT_TRUE(test::says(byZero.error(), "divisors other than 0"));
}
