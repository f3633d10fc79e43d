// SPDX-License-Identifier: GPL-3.0-or-later
//
// State-transfer models: one step a run, the state fed back from output to input. Figures by hand.
#include "dataset/dataset.h"
#include "debugger/causes.h"
#include "debugger/debugger.h"
#include "debugger/study.h"
#include "formats/tflite.h"
#include "metrics/metric.h"
#include "support/npy_builder.h"
#include "support/running_sum.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

class FeedbackReport : public testing::Test {
protected:
    Result<std::shared_ptr<const Report>> report(std::vector<std::pair<std::string, test::Bytes>> arrays, RunOptions options = {}, std::vector<std::string> links = {"sum=h"})
    {
        std::vector<test::ZipSpec> entries;
        for (auto &[name, npy] : arrays)
            entries.push_back({.name = name + ".npy", .data = std::move(npy)});
        test::writeFile(m_folder / "d.npz", test::zipOf(entries));
        const Subject subject = bothSums();
        QL_TRY(options.feedback, Feedback::parse(links, subject.quantizedModel->main()));
        QL_TRY(const auto dataset, openDataset((m_folder / "d.npz").string(), subject.quantizedModel->main(), options.feedback));
        return compareModels(subject, *dataset, options);
    }
    static Subject bothSums()
    {
        Subject subject;
        subject.floatModel = *readTflite(test::share(test::runningSum(DataType::Float32).bytes()), "f.tflite");
        subject.quantizedModel = *readTflite(test::share(test::runningSum(DataType::Int8).bytes()), "q.tflite");
        return subject;
    }
    static double metric(const Report &report, ErrorKind kind, const char *name)
    {
        return report.rows.at(0).statistics(kind)->metrics[static_cast<std::size_t>(metricIndex(name))];
    }

    test::TemporaryFolder m_folder;
};

} // namespace

TEST_F(FeedbackReport, runsSequencesWithTheirOwnStateInBothModels)
{
    // Sums 10, 20, 30, 40 in float; 31.75 in int8 at the last step. The second sample stays inside.
    const auto result = report({{"x", test::npyOf<float>("<f4", "(2, 4, 1)", {10, 10, 10, 10, 1, 1, 1, 1})}});
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_EQ((*result)->samples, 2u);
    EXPECT_EQ((*result)->dataset, "d.npz, 2 samples of 4 time steps");
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Accumulated, "mean_squared_error"), (8.25 * 8.25 / 4.0 + 0.0) / 2.0);
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Accumulated, "max_abs_error"), 8.25 / 2.0);
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Accumulated, "num_elements"), 4.0);
    // The twin adds to the quantized state, and falls behind only where int8 ends.
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Local, "max_abs_error"), 8.25 / 2.0);
    EXPECT_EQ((*result)->rows[0].accumulated->worstSamples.front().sample, 0u);
}

TEST_F(FeedbackReport, localErrorTakesTheStateThatTheQuantizedModelHas)
{
    // After the end of int8 is reached the twin starts from 31.75 at each step: its own error stays at one step of x.
    const auto result = report({{"x", test::npyOf<float>("<f4", "(1, 6, 1, 1)", {20, 20, 4, 4, 4, 4})}});
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Local, "max_abs_error"), 8.25);
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Local, "mean_squared_error"), (8.25 * 8.25 + 4 * 16.0) / 6.0);
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Accumulated, "max_abs_error"), 56.0 - 31.75);
}

TEST_F(FeedbackReport, startsFromTheStateInTheDatasetWhereThereIsOne)
{
    const auto result = report({{"x", test::npyOf<float>("<f4", "(1, 2, 1)", {1, 1})}, {"h", test::npyOf<float>("<f4", "(1, 1)", {40})}});
    ASSERT_TRUE(result) << result.error().message();
    EXPECT_DOUBLE_EQ(metric(**result, ErrorKind::Accumulated, "max_abs_error"), 42.0 - 31.75);
}

TEST_F(FeedbackReport, isTheSameForAnyNumberOfThreads)
{
    std::vector<float> values(40 * 5);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 13) * 0.37f;
    const auto npy = test::npyOf<float>("<f4", "(40, 5, 1)", values);
    const auto one = report({{"x", npy}}, {.threads = 1});
    const auto three = report({{"x", npy}}, {.threads = 3});
    ASSERT_TRUE(one && three);
    EXPECT_EQ((*one)->rows[0].local->metrics, (*three)->rows[0].local->metrics);
    EXPECT_EQ((*one)->rows[0].accumulated->rmseBySample, (*three)->rows[0].accumulated->rmseBySample);
}

TEST_F(FeedbackReport, refusesSamplesWithoutATimeAxis)
{
    const auto result = report({{"x", test::npyOf<float>("<f4", "(4, 3)", std::vector<float>(12))}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::DatasetMismatch);
    EXPECT_NE(result.error().message().find("time steps"), std::string::npos) << result.error().message();
}

TEST_F(FeedbackReport, isRefusedByWhatLooksAtSingleRuns)
{
    const Subject subject = bothSums();
    RunOptions options;
    options.feedback = *Feedback::parse(std::vector<std::string>{"sum=h"}, subject.quantizedModel->main());
    const auto dataset = openDataset("random:4:1", subject.quantizedModel->main(), options.feedback);
    ASSERT_TRUE(dataset);
    const std::array<std::size_t, 1> rows{0};
    const auto tensors = studyTensors(subject, **dataset, options, rows, {});
    const auto sample = studySample(subject, **dataset, options, 0, {});
    const auto causes = analyseCauses(subject, **dataset, {}, {});
    ASSERT_FALSE(tensors || sample || causes);
    for (const Error &error : {tensors.error(), sample.error(), causes.error()})
        EXPECT_NE(error.message().find("sequences of 32 steps"), std::string::npos) << error.message();
}
