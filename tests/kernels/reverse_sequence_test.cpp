// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(reverse_sequence)

TEST(reverse_sequence, refusesLengthsBeyondTheSequence)
{
    OperatorProbe probe("REVERSE_SEQUENCE");
    probe.input({1, 3}).constant<std::int32_t>({1}, {4}).output({1, 3}).option("seq_dim", std::int64_t{1}).option("batch_dim", std::int64_t{0});
    const auto result = probe.run<float>({{1, 2, 3}});
    ASSERT_FALSE(result);
    EXPECT_TRUE(says(result.error(), "lengths of 0 to 3"));
}

TEST(reverse_sequence, refusesOneAxisForBoth)
{
    OperatorProbe probe("REVERSE_SEQUENCE");
    probe.input({1, 3}).constant<std::int32_t>({1}, {1}).output({1, 3}).option("seq_dim", std::int64_t{0}).option("batch_dim", std::int64_t{0});
    EXPECT_TRUE(says(probe.complaint(), "that differ"));
}
