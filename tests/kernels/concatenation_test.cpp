// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(concatenation)

TEST(concatenation, refusesShapesThatDifferElsewhere)
{
    EXPECT_TRUE(says(OperatorProbe("CONCATENATION").input({2, 3}).input({3, 3}).output({5, 3}).option("axis", std::int64_t{1}).complaint(), "inputs that differ along axis 1 only"));
}

TEST(concatenation, ofInt8WithOtherScalesRunsInTfliteMicroOnly)
{
    OperatorProbe probe("CONCATENATION");
    probe.input({1}, DataType::Int8).quantized(0.5f).input({1}, DataType::Int8).quantized(0.25f).output({2}, DataType::Int8).quantized(0.5f);
    EXPECT_TRUE(says(probe.complaint(), "of the output's scale"));
    EXPECT_EQ(probe.complaint(KernelProfile::Tflm), "");
}
