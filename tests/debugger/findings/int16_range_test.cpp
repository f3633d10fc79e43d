// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

namespace {

std::shared_ptr<const Model> int16Model(const char *op, float scale, std::int64_t zeroPoint)
{
    GraphBuilder b;
    const auto x = b.input("x", {2}, DataType::Int16);
    b.graph().tensors[0].quant = {{0.001f}, {0}, 0};
    const auto y = b.op(op, {x}, "y", {2}, scale);
    b.graph().tensors[y.position()].type = DataType::Int16;
    b.graph().tensors[y.position()].quant.zeroPoints = {zeroPoint};
    return b.model();
}

} // namespace

TEST(int16_range, anAsymmetricActivationIsAProblem)
{
    const auto findings = findingsOf(int16Model("ADD", 0.01f, -32768), "int16-zero-point");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("tensor 1 (y) (zero point -32768, scale 0.01)")) << findings[0].evidence;
    EXPECT_EQ(findings[0].tensor, TensorIndex(1));
}

TEST(int16_range, aRangeDividedBy65535IsAProblemWhereTheScaleIsFixed)
{
    for (const char *op : {"LOGISTIC", "SOFTMAX", "TANH"}) {
        const auto findings = findingsOf(int16Model(op, 1.0f / 65535.0f, 0), "int16-fixed-scale");
        ASSERT_EQ(findings.size(), 1u) << op;
        EXPECT_NE(findings[0].evidence.find("factor of 0.5"), std::string::npos) << findings[0].evidence;
        EXPECT_EQ(findings[0].op, OperatorIndex(0));
    }
}

TEST(int16_range, isSilentOnSymmetricActivations)
{
    for (const float scale : {1.0f / 32768.0f, 1.0f / 32767.0f})
        for (const char *id : {"int16-zero-point", "int16-fixed-scale"})
            EXPECT_TRUE(findingsOf(int16Model("LOGISTIC", scale, 0), id).empty());
    EXPECT_TRUE(findingsOf(int16Model("ADD", 1.0f / 65535.0f, 0), "int16-fixed-scale").empty());
}

} // namespace quantloupe::test
