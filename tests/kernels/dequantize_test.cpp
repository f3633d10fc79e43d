// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(dequantize)

TEST(dequantize, ofInt4TakesConstantsOnly)
{
    EXPECT_TRUE(says(OperatorProbe("DEQUANTIZE").input({4}, DataType::Int4).quantized(0.5f).output({4}).complaint(), "int4 as a constant"));
}

TEST(dequantize, refusesScalesThatDoNotFitTheAxis)
{
    EXPECT_NE(OperatorProbe("DEQUANTIZE").input({4}, DataType::Int8).output({4}).complaint(), "");
}
