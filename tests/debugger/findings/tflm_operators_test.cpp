// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

namespace {

std::shared_ptr<const Model> modelOf(const char *op, bool isCustom = false)
{
    GraphBuilder b;
    const auto y = b.op("RELU", {b.input("x", {2}, DataType::Int8)}, "y", {2}, 0.1f);
    b.op(op, {y}, "z", {2}, 0.1f);
    b.graph().operators.back().isCustom = isCustom;
    return b.model();
}

} // namespace

TEST(tflm_operators, namesThoseWithoutAKernel)
{
    for (const char *op : {"GELU", "TILE", "CONV_3D"}) {
        const auto findings = findingsOf(modelOf(op), "tflm-operators");
        ASSERT_EQ(findings.size(), 1u) << op;
        EXPECT_TRUE(findings[0].evidence.starts_with(std::string("operator 1 ") + op)) << findings[0].evidence;
        EXPECT_EQ(findings[0].op, OperatorIndex(1));
    }
}

TEST(tflm_operators, isSilentOnTheOthersAndOnCustomOnes)
{
    EXPECT_TRUE(findingsOf(modelOf("SOFTMAX"), "tflm-operators").empty());
    EXPECT_TRUE(findingsOf(modelOf("MY_OWN", true), "tflm-operators").empty());
}

} // namespace quantloupe::test
