// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(rnn)

TEST(rnn, refusesWeightsOfAnotherShape)
{
    OperatorProbe probe("RNN");
    probe.input({1, 3}).constant<float>({2, 4}, std::vector<float>(8)).constant<float>({2, 2}, std::vector<float>(4)).constant<float>({2}, {0, 0}).input({1, 2}).output({1, 2});
    EXPECT_TRUE(says(probe.complaint(), "weights (input 1) of shape 2x3"));
}

TEST(rnn, refusesAStateThatIsNoVariable)
{
    OperatorProbe probe("RNN");
    probe.input({1, 3}).constant<float>({2, 3}, std::vector<float>(6)).constant<float>({2, 2}, std::vector<float>(4)).constant<float>({2}, {0, 0}).input({1, 2}).output({1, 2});
    EXPECT_TRUE(says(probe.complaint(), "a variable tensor"));
}
