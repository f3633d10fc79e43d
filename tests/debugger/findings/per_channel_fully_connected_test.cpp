// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

namespace {

std::shared_ptr<const Model> fullyConnected(std::vector<float> scales, const char *op = "FULLY_CONNECTED")
{
    GraphBuilder b;
    const auto w = b.constant("w", {2, 2}, std::vector<std::int8_t>{127, 1, 1, 127}, 0.1f);
    b.graph().tensors[w.position()].quant = {scales, std::vector<std::int64_t>(scales.size(), 0), 0};
    b.op(op, {b.input("x", {1, 2}, DataType::Int8), w}, "y", {1, 2}, 0.1f);
    return b.model();
}

} // namespace

TEST(per_channel_fully_connected, isNamed)
{
    const auto findings = findingsOf(fullyConnected({0.1f, 0.2f}), "per-channel-fully-connected");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("operator 0 FULLY_CONNECTED.")) << findings[0].evidence;
    EXPECT_EQ(findings[0].op, OperatorIndex(0));
}

TEST(per_channel_fully_connected, isSilentOnOneScaleAndOnConvolutions)
{
    EXPECT_TRUE(findingsOf(fullyConnected({0.1f}), "per-channel-fully-connected").empty());
    EXPECT_TRUE(findingsOf(fullyConnected({0.1f, 0.2f}, "CONV_2D"), "per-channel-fully-connected").empty());
}

} // namespace quantloupe::test
