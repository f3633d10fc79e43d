// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

TEST(float_interface, namesFloatEndsOfAQuantizedModel)
{
    GraphBuilder b;
    const auto q = b.op("QUANTIZE", {b.input("x", {2})}, "q", {2}, 0.1f);
    b.op("DEQUANTIZE", {b.op("RELU", {q}, "r", {2}, 0.1f)}, "y", {2});
    const auto findings = findingsOf(b.model(), "float-interface");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("input x, output y:")) << findings[0].evidence;
    EXPECT_EQ(findings[0].severity, Severity::Note);
}

TEST(float_interface, isSilentOnIntegerEnds)
{
    GraphBuilder b;
    const auto x = b.input("x", {2}, DataType::Int8);
    b.graph().tensors[0].quant = {{0.1f}, {0}, 0};
    b.op("RELU", {x}, "y", {2}, 0.1f);
    EXPECT_TRUE(findingsOf(b.model(), "float-interface").empty());
    EXPECT_TRUE(findingsOf(b.model(), "interface-without-scale").empty());
}

TEST(float_interface, namesIntegersWithoutAScale)
{
    GraphBuilder b;
    b.op("RELU", {b.input("x", {2}, DataType::Int8)}, "y", {2}, 0.1f);
    const auto findings = findingsOf(b.model(), "interface-without-scale");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("input x (int8)")) << findings[0].evidence;
}

TEST(float_interface, indicesNeedNoScale)
{
    GraphBuilder b;
    const auto table = b.constant("table", {2, 2}, std::vector<std::int8_t>{1, 2, 3, 127}, 0.1f);
    b.op("GATHER", {table, b.input("i", {1}, DataType::Int32)}, "y", {1, 2}, 0.1f);
    EXPECT_TRUE(findingsOf(b.model(), "interface-without-scale").empty());
}

} // namespace quantloupe::test
