// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/evaluate.h"
#include "support/paths.h"

#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

const std::filesystem::path kSamples = test::samplesFolder();
const std::filesystem::path kShared = test::sharedArchivesFolder();

struct Opened {
    Subject subject;
    std::shared_ptr<const Dataset> dataset;
};

Opened plainSample()
{
    Opened opened{*openSubject(std::vector{kSamples / "spoken_digits_plain.mltk.zip"}), nullptr};
    opened.dataset = *openDataset((kSamples / "spoken_digits_plain_debug.npz").string(), opened.subject.quantizedModel->main());
    return opened;
}

} // namespace

TEST(evaluateModels, findsTheAccuracyOfTheSample)
{
    const Opened opened = plainSample();
    const auto evaluation = evaluateModels(opened.subject, *opened.dataset, {});
    ASSERT_TRUE(evaluation) << evaluation.error().message();
    EXPECT_EQ((*evaluation)->task, EvaluationTask::Classification);
    EXPECT_EQ((*evaluation)->classes.size(), 11u);
    EXPECT_EQ((*evaluation)->classes.front(), "zero");
    EXPECT_EQ((*evaluation)->samples, 100u);
    const Classification &floats = *(*evaluation)->floatModel.classification;
    const Classification &quantized = *(*evaluation)->quantizedModel.classification;
    EXPECT_GT(floats.accuracy, 0.9);
    EXPECT_EQ(static_cast<std::int64_t>(quantized.right) - static_cast<std::int64_t>(floats.right),
              static_cast<std::int64_t>((*evaluation)->improvements) - static_cast<std::int64_t>((*evaluation)->regressions))
        << "the difference is what became right less what became wrong";
    EXPECT_EQ((*evaluation)->changed.size(), (*evaluation)->regressions + (*evaluation)->improvements + (*evaluation)->otherChanges);
    ASSERT_EQ((*evaluation)->archived.size(), 2u);
    EXPECT_NEAR((*evaluation)->archived.back().accuracy, 0.954, 0.001);
}

TEST(evaluateModels, doesNotDependOnTheNumberOfThreads)
{
    const Opened opened = plainSample();
    const auto one = evaluateModels(opened.subject, *opened.dataset, {.threads = 1, .samples = 40});
    const auto three = evaluateModels(opened.subject, *opened.dataset, {.threads = 3, .samples = 40});
    ASSERT_TRUE(one && three);
    EXPECT_EQ((*one)->floatModel, (*three)->floatModel);
    EXPECT_EQ((*one)->quantizedModel, (*three)->quantizedModel);
    EXPECT_EQ((*one)->changed, (*three)->changed);
}

TEST(evaluateModels, carriedStateChangesTheAnswersScores)
{
    const Opened opened = plainSample();
    const auto reset = evaluateModels(opened.subject, *opened.dataset, {.samples = 40});
    const auto carried = evaluateModels(opened.subject, *opened.dataset, {.state = StatePolicy::Carry, .samples = 40});
    ASSERT_TRUE(reset && carried);
    EXPECT_EQ((*carried)->state, "carry");
    EXPECT_NE((*reset)->quantizedModel.classification->classes[10].roc, (*carried)->quantizedModel.classification->classes[10].roc);
}

TEST(evaluateModels, countsFalseAcceptsOfClipsAndStreams)
{
    const Opened opened = plainSample();
    const auto clips = evaluateModels(opened.subject, *opened.dataset, {.clipMs = 1000.0, .threshold = 0.5});
    ASSERT_TRUE(clips && (*clips)->quantizedModel.detection) << "_unknown_ is no keyword";
    EXPECT_EQ((*clips)->detection->isKeyword.back(), 0);
    EXPECT_GT((*clips)->quantizedModel.detection->keywords, 80u);
    const auto stream = evaluateModels(opened.subject, *opened.dataset, {.hopMs = 1000.0, .threshold = 0.5});
    ASSERT_TRUE(stream && (*stream)->quantizedModel.detection);
    EXPECT_DOUBLE_EQ((*stream)->quantizedModel.detection->hours, 100.0 / 3600.0);
    EXPECT_GT((*stream)->quantizedModel.detection->found, 70u);
}

TEST(evaluateModels, needsLabels)
{
    const Opened opened = plainSample();
    const auto random = openDataset("random:3", opened.subject.quantizedModel->main());
    const auto evaluation = evaluateModels(opened.subject, **random, {});
    ASSERT_FALSE(evaluation);
    EXPECT_EQ(evaluation.error().code, ErrorCode::DatasetMismatch);
    EXPECT_NE(evaluation.error().message().find("labels"), std::string::npos);
}

TEST(evaluateModels, stopsWhenAsked)
{
    const Opened opened = plainSample();
    std::stop_source stop;
    stop.request_stop();
    const auto evaluation = evaluateModels(opened.subject, *opened.dataset, {}, stop.get_token());
    ASSERT_FALSE(evaluation);
    EXPECT_EQ(evaluation.error().code, ErrorCode::Cancelled);
}

TEST(evaluateModels, anAutoencoderIsJudgedByItsReconstruction)
{
    const auto archive = kShared / "autoencoder_example.mltk.zip";
    if (!std::filesystem::exists(archive))
        GTEST_SKIP() << archive << " is absent";
    const auto subject = openSubject(std::vector{archive});
    ASSERT_TRUE(subject && subject->floatModel) << (subject ? "no float model" : subject.error().message());
    // Abnormal samples are far from anything that was trained on: large noise.
    const std::size_t elements = static_cast<std::size_t>(subject->quantizedModel->main().tensor(subject->quantizedModel->main().inputs.front()).shape.elementCount());
    class Noise : public Dataset {
    public:
        explicit Noise(std::size_t elements) : m_elements(elements)
        {
            for (int i = 0; i < 20; ++i)
                m_labels.push_back(i % 2);
        }
        std::size_t sampleCount() const override { return m_labels.size(); }
        std::size_t inputCount() const override { return 1; }
        std::size_t elementCount(std::size_t) const override { return m_elements; }
        Result<void> read(std::size_t sample, std::size_t, std::span<float> out) const override
        {
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = (sample % 2 ? 2.0f : 0.05f) * static_cast<float>(std::sin(static_cast<double>(i * (sample + 1))));
            return {};
        }
        std::span<const std::int64_t> labels() const override { return m_labels; }
        std::string description() const override { return "noise"; }

    private:
        std::size_t m_elements;
        std::vector<std::int64_t> m_labels;
    } const noise(elements);
    const auto evaluation = evaluateModels(*subject, noise, {});
    ASSERT_TRUE(evaluation) << evaluation.error().message();
    EXPECT_EQ((*evaluation)->task, EvaluationTask::Autoencoder);
    EXPECT_EQ((*evaluation)->floatModel.anomaly->abnormal, 10u);
    EXPECT_GT((*evaluation)->floatModel.anomaly->meanAbnormal, (*evaluation)->floatModel.anomaly->meanNormal);
    EXPECT_DOUBLE_EQ((*evaluation)->floatModel.anomaly->roc.area, 1.0);
    EXPECT_DOUBLE_EQ((*evaluation)->quantizedModel.anomaly->bestAccuracy, 1.0);
}
