// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(fake_quant)

TEST(fake_quant, refusesARangeWithoutZero)
{
    OperatorProbe probe("FAKE_QUANT");
    probe.input({2}).output({2}).option("num_bits", std::int64_t{8}).option("min", 1.0).option("max", 2.0);
    EXPECT_TRUE(says(probe.complaint(), "a range that holds 0"));
}
