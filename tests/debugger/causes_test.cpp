// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/causes.h"
#include "debugger/debugger.h"
#include "metrics/metric.h"
#include "support/graph_builder.h"
#include "support/paths.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <numeric>

using namespace quantloupe;

namespace {

const std::filesystem::path kSamples = test::samplesFolder();

/// Values in a fixed order, evenly spread over -1 .. 1, times `size`.
class Waves : public Dataset {
public:
    Waves(std::size_t elements, float size) : m_elements(elements), m_size(size) {}
    std::size_t sampleCount() const override { return 64; }
    std::size_t inputCount() const override { return 1; }
    std::size_t elementCount(std::size_t) const override { return m_elements; }
    Result<void> read(std::size_t sample, std::size_t, std::span<float> out) const override
    {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = m_size * (static_cast<float>((sample * m_elements + i) * 7919 % 10007) / 5003.0f - 1.0f);
        return {};
    }
    std::string description() const override { return "waves"; }

private:
    std::size_t m_elements;
    float m_size;
};

/// One FULLY_CONNECTED of 8 inputs and outputs: weights 0.1 .. 0.45 that the integer grid of `weightScale` holds more or
/// less well, and an output grid of `outputScale`.
Subject dense(float weightScale, float outputScale)
{
    std::vector<float> weights;
    std::vector<std::int8_t> codes;
    for (int i = 0; i < 64; ++i) {
        weights.push_back(0.1f + 0.35f * static_cast<float>(i * 37 % 64) / 63.0f);
        codes.push_back(static_cast<std::int8_t>(std::lround(weights.back() / weightScale)));
    }
    test::GraphBuilder floats;
    const TensorIndex x = floats.input("x", {1, 8});
    const TensorIndex w = floats.constant("w", {8, 8}, weights);
    floats.op("FULLY_CONNECTED", {x, w, TensorIndex()}, "y", {1, 8});
    test::GraphBuilder quantized;
    const TensorIndex qx = quantized.input("x", {1, 8}, DataType::Int8);
    quantized.graph().tensors[qx.position()].quant = {{1.0f / 127.0f}, {0}, 0};
    const TensorIndex qw = quantized.constant("w", {8, 8}, codes, weightScale);
    quantized.op("FULLY_CONNECTED", {qx, qw, TensorIndex()}, "y", {1, 8}, outputScale);
    Subject subject;
    subject.floatModel = floats.model();
    subject.quantizedModel = quantized.model();
    return subject;
}

OperatorCauses causesOf(const Subject &subject, float size = 1.0f)
{
    const auto analysis = analyseCauses(subject, Waves(8, size), {.samples = 64, .samplesFollowed = 16});
    EXPECT_TRUE(analysis) << analysis.error().message();
    EXPECT_EQ((*analysis)->operators.size(), 1u);
    return (*analysis)->operators.front();
}

double sumOfShares(const OperatorCauses &op)
{
    return std::accumulate(op.causes.begin(), op.causes.end(), 0.0, [](double sum, const CauseShare &share) { return sum + share.share; });
}

} // namespace

TEST(causes, aCoarseOutputIsRounding)
{
    const OperatorCauses op = causesOf(dense(0.45f / 127.0f, 0.1f));
    EXPECT_EQ(op.largest(), Cause::Rounding);
    EXPECT_GT(op.of(Cause::Rounding).share, 0.9);
    EXPECT_NEAR(op.of(Cause::Rounding).rms, op.idealRounding, 0.1 * op.idealRounding) << "scale / sqrt(12)";
    EXPECT_LT(op.of(Cause::Rounding).rmseWithout, 0.3 * op.rmse);
    EXPECT_NEAR(sumOfShares(op), 1.0, 1e-9);
}

TEST(causes, coarseWeightsAreWeights)
{
    const OperatorCauses op = causesOf(dense(0.15f, 3.2f / 127.0f));
    EXPECT_EQ(op.largest(), Cause::Weights);
    EXPECT_GT(op.of(Cause::Weights).share, 0.8);
    EXPECT_LT(op.of(Cause::Weights).rmseWithout, 0.5 * op.rmse);
    EXPECT_NEAR(sumOfShares(op), 1.0, 1e-9);
}

TEST(causes, ANarrowOutputIsClipping)
{
    const OperatorCauses op = causesOf(dense(0.45f / 127.0f, 0.5f / 127.0f));
    EXPECT_EQ(op.largest(), Cause::Clipping);
    EXPECT_GT(op.of(Cause::Clipping).share, 0.9);
}

TEST(causes, inputsBeyondTheInputsGridAreInherited)
{
    const OperatorCauses op = causesOf(dense(0.45f / 127.0f, 6.4f / 127.0f), 2.0f);
    EXPECT_EQ(op.largest(), Cause::Inputs) << "the model's input ends at 1";
    EXPECT_LT(op.localRmse, 0.5 * op.rmse);
    EXPECT_NEAR(op.of(Cause::Inputs).rmseWithout, op.localRmse, 1e-9 + 1e-6 * op.localRmse);
}

TEST(causes, theOnlyOperatorsErrorIsTheOutputs)
{
    const OperatorCauses op = causesOf(dense(0.45f / 127.0f, 0.1f));
    EXPECT_NEAR(op.outputRmse, op.localRmse, 0.05 * op.localRmse) << "16 of the 64 samples";
}

TEST(causes, ofTheSampleModelAddUpAndPointAtTheLstm)
{
    const auto subject = openSubject(std::vector{kSamples / "spoken_digits_plain.mltk.zip"});
    ASSERT_TRUE(subject);
    const auto dataset = openDataset((kSamples / "spoken_digits_plain_debug.npz").string(), subject->quantizedModel->main());
    ASSERT_TRUE(dataset);
    const auto analysis = analyseCauses(*subject, **dataset, {.samples = 32, .samplesFollowed = 16});
    ASSERT_TRUE(analysis) << analysis.error().message();
    EXPECT_EQ((*analysis)->operators.size(), 9u);
    for (const OperatorCauses &op : (*analysis)->operators) {
        if (op.rmse > 0.0)
            EXPECT_NEAR(sumOfShares(op), 1.0, 1e-9) << op.op.value;
        EXPECT_EQ(op.of(Cause::State).rms, 0.0) << "state is reset";
        EXPECT_TRUE(op.note.empty()) << op.note;
    }
    EXPECT_TRUE(std::ranges::is_sorted((*analysis)->operators, std::greater<>(), &OperatorCauses::outputRmse));
    EXPECT_EQ(subject->quantizedModel->main().op((*analysis)->operators.front().op).name, "UNIDIRECTIONAL_SEQUENCE_LSTM") << "matters most at the outputs";
    EXPECT_GT((*analysis)->operators.front().localRmse, 1.5 * (*analysis)->operators.front().idealRounding);

    // The same accumulated and local errors as the report's, which rest on means of squares per sample. (Local errors of the
    // first operator differ: the report counts the input's rounding in.)
    const auto report = compareModels(*subject, **dataset, {.samples = 32});
    ASSERT_TRUE(report);
    for (const TensorComparison &row : (*report)->rows) {
        const auto op = std::ranges::find((*analysis)->operators, row.tensor, &OperatorCauses::tensor);
        const auto metric = static_cast<std::size_t>(metricIndex("mean_squared_error"));
        EXPECT_NEAR(op->rmse, std::sqrt(row.accumulated->metrics[metric]), 1e-5 * op->rmse) << row.opName;
        if (&row != &(*report)->rows.front())
            EXPECT_NEAR(op->localRmse, std::sqrt(row.local->metrics[metric]), 1e-5 * op->localRmse + 1e-12) << row.opName;
    }
}

TEST(causes, aCellThatSaturatesIsTheLstmsOwnArithmetic)
{
    const auto shared = test::sharedArchivesFolder();
    if (!std::filesystem::exists(shared / "spoken_digits_cell.mltk.zip"))
        GTEST_SKIP() << shared << " is absent";
    const auto subject = openSubject(std::vector{shared / "spoken_digits_cell.mltk.zip"});
    const auto dataset = openDataset((shared / "spoken_digits_debug.npz").string(), subject->quantizedModel->main());
    const auto analysis = analyseCauses(*subject, **dataset, {.samples = 12, .samplesFollowed = 12});
    ASSERT_TRUE(analysis) << analysis.error().message();
    const OperatorCauses &worst = (*analysis)->operators.front();
    EXPECT_EQ(subject->quantizedModel->main().op(worst.op).name, "UNIDIRECTIONAL_SEQUENCE_LSTM");
    EXPECT_EQ(worst.largest(), Cause::Arithmetic);
    EXPECT_GT(worst.of(Cause::Arithmetic).share, 0.5);
}

TEST(causes, carriedStateIsACauseOfItsOwn)
{
    const auto subject = openSubject(std::vector{kSamples / "spoken_digits_plain.mltk.zip"});
    const auto dataset = openDataset((kSamples / "spoken_digits_plain_debug.npz").string(), subject->quantizedModel->main());
    const auto analysis = analyseCauses(*subject, **dataset, {.state = StatePolicy::Carry, .samples = 12, .samplesFollowed = 4});
    ASSERT_TRUE(analysis) << analysis.error().message();
    for (const OperatorCauses &op : (*analysis)->operators) {
        const bool isLstm = subject->quantizedModel->main().op(op.op).name == "UNIDIRECTIONAL_SEQUENCE_LSTM";
        EXPECT_EQ(op.of(Cause::State).rms > 0.0, isLstm) << op.op.value;
        if (op.rmse > 0.0)
            EXPECT_NEAR(sumOfShares(op), 1.0, 1e-9) << op.op.value;
    }
}

TEST(causes, stopsWhenAsked)
{
    std::stop_source stop;
    stop.request_stop();
    const auto analysis = analyseCauses(dense(0.01f, 0.1f), Waves(8, 1.0f), {}, stop.get_token());
    ASSERT_FALSE(analysis);
    EXPECT_EQ(analysis.error().code, ErrorCode::Cancelled);
}

TEST(causes, ofOneOperatorAloneAreThoseItHasAmongAll)
{
    const auto subject = openSubject(std::vector{kSamples / "spoken_digits_plain.mltk.zip"});
    const auto dataset = openDataset((kSamples / "spoken_digits_plain_debug.npz").string(), subject->quantizedModel->main());
    const CauseOptions options{.samples = 4, .samplesFollowed = 2};
    const auto all = analyseCauses(*subject, **dataset, options);
    ASSERT_TRUE(all) << all.error().message();
    CauseOptions one = options;
    one.only = (*all)->operators.front().op;
    const auto alone = analyseCauses(*subject, **dataset, one);
    ASSERT_TRUE(alone) << alone.error().message();
    ASSERT_EQ((*alone)->operators.size(), 1u);
    EXPECT_TRUE((*alone)->leftOut.empty());
    EXPECT_TRUE((*alone)->operators.front() == (*all)->operators.front());
}
