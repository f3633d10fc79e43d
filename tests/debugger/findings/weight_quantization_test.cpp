// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/findings_of.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

namespace quantloupe::test {

namespace {

struct Weights {
    std::vector<std::int8_t> codes{127, 3, -127, 4, 5, 127};
    std::vector<float> scales{0.1f, 0.2f, 0.3f};
    std::vector<std::int64_t> zeroPoints{0, 0, 0};
};

/// Three channels of two weights along axis 0.
std::shared_ptr<const Model> modelOf(const Weights &weights)
{
    GraphBuilder b;
    const auto w = b.constant("w", {3, 2}, weights.codes, 0.1f);
    b.graph().tensors[w.position()].quant = {weights.scales, weights.zeroPoints, 0};
    b.op("FULLY_CONNECTED", {b.input("x", {1, 2}, DataType::Int8), w}, "y", {1, 3}, 0.1f);
    return b.model();
}

std::size_t count(const Weights &weights)
{
    std::size_t found = 0;
    for (const char *id : {"weight-zero-point", "weight-scale", "weight-range"})
        found += findingsOf(modelOf(weights), id).size();
    return found;
}

} // namespace

TEST(weight_quantization, isSilentOnWhatConvertersWrite)
{
    EXPECT_EQ(count({}), 0u);
    EXPECT_EQ(count({.codes = {127, 3, 0, 0, 5, -127}}), 0u) << "a channel of zeros has no range";
    EXPECT_EQ(count({.codes = {1, 2, 3, 4, 5, -127}, .scales = {0.1f}, .zeroPoints = {0}}), 0u) << "one range for all";
    EXPECT_EQ(count({.scales = {0.1f, 20.0f, 0.005f}}), 0u);
}

TEST(weight_quantization, aZeroPointIsAProblem)
{
    const auto findings = findingsOf(modelOf({.zeroPoints = {0, 3, 0}}), "weight-zero-point");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("w has zero point 3.")) << findings[0].evidence;
    EXPECT_EQ(findings[0].severity, Severity::Problem);
    EXPECT_EQ(findings[0].tensor, TensorIndex(0));
}

TEST(weight_quantization, aScaleFarFromTheOthersIsNamed)
{
    const auto findings = findingsOf(modelOf({.scales = {0.1f, 0.2f, 1e-6f}}), "weight-scale");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("1 of 3 channels are more than 1000 times from the median scale 0.1; the farthest is 1e-06.")) << findings[0].evidence;
}

TEST(weight_quantization, aRangeThatIsHalfEmptyIsNamed)
{
    const auto findings = findingsOf(modelOf({.codes = {127, 3, -63, 4, 5, 31}}), "weight-range");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("2 of 3 channels use no code beyond 63; the least one none beyond 31 of 127.")) << findings[0].evidence;
}

TEST(weight_quantization, theChannelsOfADepthwiseConvolutionLieAlongItsLastAxis)
{
    GraphBuilder b;
    const auto w = b.constant("w", {1, 2, 1, 2}, std::vector<std::int8_t>{127, 9, 1, 10}, 0.1f);
    b.graph().tensors[w.position()].quant = {{0.1f, 0.1f}, {0, 0}, 3};
    b.op("DEPTHWISE_CONV_2D", {b.input("x", {1, 2, 1, 2}, DataType::Int8), w}, "y", {1, 1, 1, 2}, 0.1f);
    const auto findings = findingsOf(b.model(), "weight-range");
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_TRUE(findings[0].evidence.starts_with("1 of 2 channels use no code beyond 63; the least one none beyond 10 of 127.")) << findings[0].evidence;
}

} // namespace quantloupe::test
