// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

TEST(unused_tensors, namesThoseThatNobodyReadsOrWrites)
{
    GraphBuilder b;
    const auto x = b.input("x", {2}, DataType::Int8);
    b.constant("left over", {2}, std::vector<float>{1, 2});
    b.op("RELU", {x}, "y", {2}, 0.1f);
    const auto findings = findingsOf(b.model(), "unused-tensors");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].title, "1 tensor of the model is not used");
    EXPECT_EQ(findings[0].evidence, "tensor 1 (left over), 8 bytes of constants.");
}

TEST(unused_tensors, isSilentOnInputsOutputsOperandsAndIntermediates)
{
    GraphBuilder b;
    const auto x = b.input("x", {2}, DataType::Int8);
    const auto inside = b.constant("inside", {2}, std::vector<float>{1, 2});
    b.op("UNIDIRECTIONAL_SEQUENCE_LSTM", {x}, "y", {2}, 0.1f);
    b.graph().operators.back().intermediates = {inside};
    b.graph().operators.back().inputs.push_back({}); // an optional input left out
    EXPECT_TRUE(findingsOf(b.model(), "unused-tensors").empty());
}

} // namespace quantloupe::test
