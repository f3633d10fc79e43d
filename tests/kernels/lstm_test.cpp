// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(lstm)

TEST(lstm, refusesABasicKernelWithoutItsFourOutputs)
{
    OperatorProbe probe("LSTM");
    probe.option("kernel_type", std::int64_t{1});
    probe.input({1, 3}).input({1, 2}).constant<float>({8, 5}, std::vector<float>(40)).constant<float>({8}, std::vector<float>(8)).input({1, 2}).output({1, 2});
    EXPECT_TRUE(says(probe.complaint(), "4 outputs"));
}

TEST(lstm, refusesTimeSteps)
{
    OperatorProbe probe("LSTM");
    for (int i = 0; i < 20; ++i)
        probe.input({1, 1, 1});
    probe.output({1, 1, 1});
    EXPECT_TRUE(says(probe.complaint(), "rank 2"));
}
