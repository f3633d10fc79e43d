// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

namespace {

std::shared_ptr<const Model> modelOf(std::vector<float> biasScales)
{
    GraphBuilder b;
    const auto x = b.input("x", {1, 2}, DataType::Int8);
    b.graph().tensors[0].quant = {{0.5f}, {0}, 0};
    const auto w = b.constant("w", {2, 2}, std::vector<std::int8_t>{127, 1, 1, 127}, 0.1f);
    b.graph().tensors[w.position()].quant = {{0.1f, 0.2f}, {0, 0}, 0};
    const auto bias = b.constant("b", {2}, std::vector<float>{0, 0});
    b.graph().tensors[bias.position()].type = DataType::Int32;
    b.graph().tensors[bias.position()].quant = {biasScales, std::vector<std::int64_t>(biasScales.size(), 0), 0};
    b.op("FULLY_CONNECTED", {x, w, bias}, "y", {1, 2}, 0.1f);
    return b.model();
}

} // namespace

TEST(bias_scale, anotherScaleThanInputTimesWeightsIsAProblem)
{
    const auto findings = findingsOf(modelOf({0.05f, 0.2f}), "bias-scale");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].evidence, "Channel 1: scale 0.2 where input times weights is 0.1. Kernels use the latter, so the bias counts 0.5 times what it says.");
    EXPECT_EQ(findings[0].tensor, TensorIndex(2));
}

TEST(bias_scale, isSilentWhereItFits)
{
    EXPECT_TRUE(findingsOf(modelOf({0.05f, 0.1f}), "bias-scale").empty());
    EXPECT_TRUE(findingsOf(modelOf({}), "bias-scale").empty());
}

} // namespace quantloupe::test
