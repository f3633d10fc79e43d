// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/dataset_range.h"

#include "support/graph_builder.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace quantloupe::test {
namespace {

class Samples : public Dataset {
public:
    explicit Samples(std::vector<std::vector<float>> samples) : m_samples(std::move(samples)) {}
    std::size_t sampleCount() const override { return m_samples.size(); }
    std::size_t inputCount() const override { return 1; }
    std::size_t elementCount(std::size_t) const override { return m_samples[0].size(); }
    Result<void> read(std::size_t sample, std::size_t, std::span<float> out) const override
    {
        std::ranges::copy(m_samples[sample], out.begin());
        return {};
    }
    std::string description() const override { return "samples"; }

private:
    std::vector<std::vector<float>> m_samples;
};

/// Holds -12.8 to 12.7.
std::shared_ptr<const Model> int8Input()
{
    GraphBuilder b;
    const auto x = b.input("x", {2}, DataType::Int8);
    b.graph().tensors[0].quant = {{0.1f}, {0}, 0};
    b.op("RELU", {x}, "y", {2}, 0.1f);
    return b.model();
}

std::vector<std::string> idsOf(const std::vector<Finding> &findings)
{
    std::vector<std::string> ids;
    for (const Finding &finding : findings)
        ids.push_back(finding.id);
    return ids;
}

} // namespace

TEST(DatasetRange, isSilentWhereTheDataFillTheRange)
{
    EXPECT_TRUE(datasetRangeFindings(*int8Input(), Samples({{-12.84f, 12.74f}, {0, 1}}), 2).empty());
}

TEST(DatasetRange, tellsTheShareThatSaturates)
{
    const auto findings = datasetRangeFindings(*int8Input(), Samples({{-12, 20}, {0, 1}}), 2);
    ASSERT_EQ(idsOf(findings), std::vector<std::string>{"dataset-saturates"});
    EXPECT_EQ(findings[0].title, "25.0 % of the dataset's values lie outside of the input's range");
    EXPECT_EQ(findings[0].evidence, "x: the dataset has -12 to 20, the input (int8, scale 0.1, zero point 0) holds -12.8 to 12.7. What lies outside becomes the last code.");
    EXPECT_EQ(findings[0].subject, "dataset");
}

TEST(DatasetRange, tellsHowLittleOfTheRangeIsUsed)
{
    const auto findings = datasetRangeFindings(*int8Input(), Samples({{-0.51f, 0.51f}}), 1);
    ASSERT_EQ(idsOf(findings), std::vector<std::string>{"dataset-coverage"});
    EXPECT_EQ(findings[0].title, "The dataset uses only 4.0 % of the input's range");
}

TEST(DatasetRange, dataThatLieBesideTheRangeUseNothingOfIt)
{
    EXPECT_EQ(idsOf(datasetRangeFindings(*int8Input(), Samples({{100, 200}}), 1)), (std::vector<std::string>{"dataset-saturates", "dataset-coverage"}));
}

TEST(DatasetRange, looksAtTheSamplesThatAreRunOnly)
{
    EXPECT_TRUE(datasetRangeFindings(*int8Input(), Samples({{-12, 12}, {-99, 99}}), 1).empty());
}

TEST(DatasetRange, ofALargeDatasetSamplesAreLookedAtOverAllOfIt)
{
    class Large : public Dataset {
    public:
        std::size_t sampleCount() const override { return 1'000'000'000; }
        std::size_t inputCount() const override { return 1; }
        std::size_t elementCount(std::size_t) const override { return 4'000'000; }
        Result<void> read(std::size_t sample, std::size_t, std::span<float> out) const override
        {
            std::ranges::fill(out, sample >= 500'000'000 ? 100.0f : -12.0f);
            return {};
        }
        std::string description() const override { return "large"; }
    };
    const auto findings = datasetRangeFindings(*int8Input(), Large(), 1'000'000'000);
    ASSERT_EQ(idsOf(findings), std::vector<std::string>{"dataset-saturates"});
    EXPECT_EQ(findings[0].title, "50.0 % of the dataset's values lie outside of the input's range");
    EXPECT_TRUE(findings[0].evidence.starts_with("x: the dataset has -12 to 100 in 4 samples spread over it, the input")) << findings[0].evidence;
}

TEST(DatasetRange, looksThroughTheQuantizeOfAFloatInput)
{
    GraphBuilder b;
    const auto x = b.input("x", {2});
    b.op("QUANTIZE", {x}, "q", {2}, 0.1f);
    EXPECT_EQ(idsOf(datasetRangeFindings(*b.model(), Samples({{-12, 20}}), 1)), std::vector<std::string>{"dataset-saturates"});
}

TEST(DatasetRange, saysNothingOfAnInputWithoutScale)
{
    GraphBuilder b;
    b.op("NEG", {b.input("x", {2})}, "y", {2});
    EXPECT_TRUE(datasetRangeFindings(*b.model(), Samples({{-1e9f, 1e9f}}), 1).empty());
}

} // namespace quantloupe::test
