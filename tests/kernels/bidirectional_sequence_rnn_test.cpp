// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(bidirectional_sequence_rnn)

TEST(bidirectional_sequence_rnn, refusesTwoDirectionsInOneOutputThatIsNotMerged)
{
    OperatorProbe probe("BIDIRECTIONAL_SEQUENCE_RNN");
    probe.input({1, 2, 3});
    for (int direction = 0; direction < 2; ++direction)
        probe.constant<float>({2, 3}, std::vector<float>(6)).constant<float>({2, 2}, std::vector<float>(4)).constant<float>({2}, {0, 0}).input({1, 2});
    probe.output({1, 2, 2});
    EXPECT_TRUE(says(probe.complaint(), "2 outputs"));
}
