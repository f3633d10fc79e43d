// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(basic_classifier)

TEST(basic_classifier, refusesAClassThatThereIsNot)
{
    OperatorProbe probe("BasicClassifier");
    probe.input({3}, DataType::Int32).constant<std::int32_t>({1}, {3}).constant<std::int32_t>({1}, {0}).output({1}, DataType::Bool).output({1}, DataType::Int32);
    const auto result = probe.run<std::int32_t, std::uint8_t>({{1, 2, 3}});
    ASSERT_FALSE(result);
    EXPECT_TRUE(says(result.error(), "classes of 0 to 2"));
}
