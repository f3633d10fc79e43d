// SPDX-License-Identifier: GPL-3.0-or-later
#include "pairing/pairing.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using test::GraphBuilder;

namespace {

const Shape kShape{1, 2};

/// input -> FULLY_CONNECTED with the given weights -> RELU
std::shared_ptr<const Model> floatNetwork(const std::vector<float> &weights)
{
    GraphBuilder b;
    const auto x = b.input("x", kShape);
    const auto y = b.op("FULLY_CONNECTED", {x, b.constant("w", {2, 2}, weights)}, "dense", kShape);
    b.op("RELU", {y}, "relu", kShape);
    return b.model();
}

std::shared_ptr<const Model> quantizedNetwork()
{
    GraphBuilder b;
    const auto x = b.op("QUANTIZE", {b.input("x", kShape)}, "x_int8", kShape, 0.1f);
    const auto y = b.op("FULLY_CONNECTED", {x, b.constant("w", {2, 2}, {10, -20, 30, -40}, 0.1f)}, "dense1", kShape, 0.1f);
    b.op("DEQUANTIZE", {b.op("RELU", {y}, "relu1", kShape, 0.1f)}, "out", kShape);
    return b.model();
}

} // namespace

TEST(pairModels, followsTheDataThroughConversions)
{
    const auto pairing = pairModels(*floatNetwork({1, -2, 3, -4}), *quantizedNetwork());
    ASSERT_TRUE(pairing) << pairing.error().message();
    EXPECT_EQ(pairing->pairedCount(), 2u);
    EXPECT_EQ(pairing->operators[1].floatOperator, OperatorIndex(0));
    EXPECT_EQ(pairing->operators[2].floatOperator, OperatorIndex(1));
    EXPECT_EQ(pairing->operators[1].rule, PairingRule::SameDataFlow);
    EXPECT_EQ(pairing->operators[1].confidence, 1.0);
}

TEST(pairModels, refusesANetworkOfOtherWeights)
{
    const auto pairing = pairModels(*floatNetwork({-4, 3, 0, 1}), *quantizedNetwork());
    ASSERT_FALSE(pairing);
    EXPECT_EQ(pairing.error().code, ErrorCode::ModelsDiffer);
    EXPECT_NE(pairing.error().message().find("FULLY_CONNECTED"), std::string::npos) << pairing.error().message();
}

TEST(pairModels, refusesInputsOfAnotherShape)
{
    GraphBuilder b;
    b.op("RELU", {b.input("x", {1, 3})}, "relu", {1, 3});
    const auto pairing = pairModels(*b.model(), *quantizedNetwork());
    ASSERT_FALSE(pairing);
    EXPECT_EQ(pairing.error().code, ErrorCode::ModelsDiffer);
}

TEST(pairModels, tellsEqualBranchesApartByTheirWeights)
{
    const auto build = [](bool isQuantized, bool isSwapped) {
        GraphBuilder b;
        auto x = b.input("x", kShape);
        const float scale = isQuantized ? 0.1f : 0.0f;
        if (isQuantized)
            x = b.op("QUANTIZE", {x}, "q", kShape, scale);
        const auto weights = [&](bool first) {
            if (isQuantized)
                return b.constant("w", {2, 2}, first ? std::vector<std::int8_t>{10, 20, 30, 40} : std::vector<std::int8_t>{-40, 30, -20, 10}, 0.1f);
            return b.constant("w", {2, 2}, first ? std::vector<float>{1, 2, 3, 4} : std::vector<float>{-4, 3, -2, 1});
        };
        const auto one = b.op("FULLY_CONNECTED", {x, weights(!isSwapped)}, "a", kShape, scale);
        const auto two = b.op("FULLY_CONNECTED", {x, weights(isSwapped)}, "b", kShape, scale);
        b.op("ADD", {one, two}, "sum", kShape, scale);
        return b.model();
    };
    // The float model has the branches in the other order and under the other's name's place.
    const auto floats = build(false, true);
    const_cast<Subgraph &>(floats->main()).tensors[floats->main().operators[0].outputs[0].position()].name = "p";
    const_cast<Subgraph &>(floats->main()).tensors[floats->main().operators[1].outputs[0].position()].name = "p";
    const auto pairing = pairModels(*floats, *build(true, false));
    ASSERT_TRUE(pairing) << pairing.error().message();
    EXPECT_EQ(pairing->operators[1].floatOperator, OperatorIndex(1));
    EXPECT_EQ(pairing->operators[2].floatOperator, OperatorIndex(0));
    EXPECT_EQ(pairing->operators[1].rule, PairingRule::SameDataFlowWeights);
    EXPECT_EQ(pairing->operators[3].floatOperator, OperatorIndex(2)) << "the sum's operands are swapped";
}

TEST(pairModels, leavesUnpairedWhatTheFloatModelLacksAndSaysWhy)
{
    GraphBuilder b;
    const auto x = b.op("QUANTIZE", {b.input("x", kShape)}, "q", kShape, 0.1f);
    const auto y = b.op("FULLY_CONNECTED", {x, b.constant("w", {2, 2}, {10, -20, 30, -40}, 0.1f)}, "dense", kShape, 0.1f);
    b.op("TANH", {y}, "tanh", kShape, 0.1f);
    const auto pairing = pairModels(*floatNetwork({1, -2, 3, -4}), *b.model());
    ASSERT_TRUE(pairing) << pairing.error().message();
    EXPECT_FALSE(pairing->operators[2].floatOperator.isValid());
    EXPECT_NE(pairing->operators[2].whyUnpaired.find("TANH"), std::string::npos);
}
