// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::batch_normalization_order_advice {
namespace {

/// CONV_2D with or without a fused ReLU, then MUL and ADD by constants of `channels` values.
std::vector<Finding> adviceOn(bool hasActivation, int channels)
{
    AdviceCase c;
    const TensorIndex x = c.graph.input("x", {1, 4, 4, 2}, DataType::Int8);
    const TensorIndex conv = c.graph.op("CONV_2D", {x}, "conv", {1, 4, 4, 3}, 0.1f);
    c.graph.graph().operators.back().options.set("fused_activation_function", std::int64_t{hasActivation ? 1 : 0});
    const TensorIndex gamma = c.graph.constant("gamma", {channels}, std::vector<std::int8_t>(static_cast<std::size_t>(channels), 3), 0.1f);
    const TensorIndex scaled = c.graph.op("MUL", {conv, gamma}, "scaled", {1, 4, 4, 3}, 0.1f);
    c.row();
    const TensorIndex beta = c.graph.constant("beta", {channels}, std::vector<std::int8_t>(static_cast<std::size_t>(channels), 3), 0.1f);
    c.graph.op("ADD", {scaled, beta}, "shifted", {1, 4, 4, 3}, 0.1f);
    return c.advice("batch-normalization-order");
}

} // namespace

TEST(batch_normalization_order, firesBehindAnActivation)
{
    const auto advice = adviceOn(true, 3);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_EQ(advice[0].op, OperatorIndex(1));
    EXPECT_EQ(advice[0].samples, 100u);
}

TEST(batch_normalization_order, isSilentWhereNothingCouldBeFolded)
{
    EXPECT_TRUE(adviceOn(false, 3).empty()) << "no activation in between";
    EXPECT_TRUE(adviceOn(true, 1).empty()) << "one constant for all channels is a rescaling";
}

} // namespace quantloupe::test::batch_normalization_order_advice
