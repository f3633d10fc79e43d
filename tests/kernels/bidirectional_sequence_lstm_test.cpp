// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(bidirectional_sequence_lstm)

TEST(bidirectional_sequence_lstm, refusesAuxiliaryWeightsOfSomeGatesOnly)
{
    OperatorProbe probe("BIDIRECTIONAL_SEQUENCE_LSTM");
    for (int i = 0; i < 42; ++i)
        probe.input({1, 1, 1});
    probe.output({1, 1, 1}).output({1, 1, 1});
    EXPECT_TRUE(says(probe.complaint(), "auxiliary weights for all gates of both directions or for none"));
}
