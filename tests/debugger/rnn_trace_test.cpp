// SPDX-License-Identifier: GPL-3.0-or-later
//
// The insides of a recurrent operator in a report, held against what the report says of its output.
#include "dataset/dataset.h"
#include "debugger/debugger.h"
#include "formats/tflite.h"
#include "metrics/metric.h"
#include "support/bytes.h"
#include "support/golden.h"
#include "support/npy_builder.h"
#include "support/paths.h"
#include "support/temporary_folder.h"
#include "support/zip_builder.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace quantloupe;

namespace {

const std::filesystem::path kSamples = test::samplesFolder();

std::shared_ptr<const Report> reportOf(const std::filesystem::path &archive, const std::filesystem::path &dataset, RunOptions options)
{
    const auto subject = openSubject(std::vector{archive});
    EXPECT_TRUE(subject) << subject.error().message();
    const auto samples = openDataset(dataset.string(), subject->quantizedModel->main());
    EXPECT_TRUE(samples) << samples.error().message();
    const auto report = compareModels(*subject, **samples, options);
    EXPECT_TRUE(report) << report.error().message();
    return *report;
}

const std::shared_ptr<const Report> &plainReport()
{
    static const auto report = reportOf(kSamples / "spoken_digits_plain.mltk.zip", kSamples / "spoken_digits_plain_debug.npz", {.threads = 2, .samples = 40});
    return report;
}

double meanOfSquares(const std::vector<double> &values)
{
    return std::inner_product(values.begin(), values.end(), values.begin(), 0.0) / static_cast<double>(values.size());
}

} // namespace

TEST(rnnTrace, hasEveryGateCellAndHiddenStateOfTheLstm)
{
    ASSERT_EQ(plainReport()->rnn.size(), 1u);
    const RnnTrace &trace = plainReport()->rnn.front();
    EXPECT_EQ(trace.opName, "UNIDIRECTIONAL_SEQUENCE_LSTM");
    ASSERT_EQ(trace.quantities.size(), 11u);
    for (const char *const name : {"input_gate_sum", "forget_gate", "cell_gate", "output_gate", "cell", "cell_activation", "hidden"}) {
        const RnnQuantity *const quantity = trace.find(name);
        ASSERT_NE(quantity, nullptr) << name;
        EXPECT_EQ(quantity->units, trace.units);
        EXPECT_EQ(quantity->quantized.mean.size(), trace.steps);
        ASSERT_TRUE(quantity->local && quantity->accumulated) << name;
        EXPECT_EQ(quantity->local->rmse.size(), trace.steps);
    }
    EXPECT_EQ(trace.find("forget_gate")->gate, "forget");
    EXPECT_EQ(trace.find("nothing"), nullptr);
}

TEST(rnnTrace, hiddenStateIsTheOutputAndItsErrorIsTheRowsError)
{
    const Report &report = *plainReport();
    const RnnTrace &trace = report.rnn.front();
    const auto row = std::ranges::find(report.rows, trace.op, &TensorComparison::op);
    ASSERT_NE(row, report.rows.end());
    EXPECT_EQ(trace.tensor, row->tensor);
    EXPECT_EQ(trace.name, row->tensorName);
    const auto mse = static_cast<std::size_t>(metricIndex("mean_squared_error"));
    const RnnQuantity &hidden = *trace.find("hidden");
    // Both are of the same values; the rows' pass adds them in float lanes.
    EXPECT_NEAR(meanOfSquares(hidden.local->rmse), row->local->metrics[mse], 1e-7 * row->local->metrics[mse]);
    EXPECT_NEAR(meanOfSquares(hidden.accumulated->rmse), row->accumulated->metrics[mse], 1e-7 * row->accumulated->metrics[mse]);
    EXPECT_EQ(hidden.scale, row->scale);
    EXPECT_EQ(hidden.zeroPoint, row->zeroPoint);
}

TEST(rnnTrace, errorsOfUnitsMakeTheErrorOfTheStep)
{
    const RnnTrace &trace = plainReport()->rnn.front();
    for (const char *const name : {"hidden", "cell"}) {
        const RnnError &error = *trace.find(name)->local;
        ASSERT_EQ(error.meanSquaredErrorByUnit.size(), trace.steps * trace.units);
        for (std::size_t step = 0; step < trace.steps; ++step) {
            const auto first = error.meanSquaredErrorByUnit.begin() + static_cast<std::ptrdiff_t>(step * trace.units);
            const double mean = std::accumulate(first, first + static_cast<std::ptrdiff_t>(trace.units), 0.0) / static_cast<double>(trace.units);
            EXPECT_NEAR(std::sqrt(mean), error.rmse[step], 1e-6 * error.rmse[step]) << name << " at step " << step;
        }
    }
    EXPECT_TRUE(trace.find("forget_gate")->local->meanSquaredErrorByUnit.empty());
}

TEST(rnnTrace, saysWhereTheIntegerFormsEnd)
{
    const RnnTrace &trace = plainReport()->rnn.front();
    EXPECT_EQ(trace.find("input_gate_sum")->lowest, -8.0);
    EXPECT_EQ(trace.find("input_gate_sum")->highest, 8.0 - std::ldexp(1.0, -12));
    const RnnQuantity &cell = *trace.find("cell");
    EXPECT_EQ(cell.type, DataType::Int16);
    EXPECT_GT(cell.scale * 32767.0f, 10.0f);
    EXPECT_EQ(cell.highest, 10.0) << "Keras' converter writes cell_clip 10 into its LSTMs";
    EXPECT_EQ(cell.lowest, -10.0);
    const RnnQuantity &hidden = *trace.find("hidden");
    EXPECT_EQ(hidden.lowest, static_cast<double>(hidden.scale * static_cast<float>(-128 - hidden.zeroPoint)));
    for (const RnnQuantity &quantity : trace.quantities) {
        for (std::size_t step = 0; step < trace.steps; ++step) {
            EXPECT_LE(quantity.lowest, quantity.quantized.min[step]) << quantity.name;
            EXPECT_LE(quantity.quantized.min[step], quantity.quantized.mean[step]) << quantity.name;
            EXPECT_LE(quantity.quantized.mean[step], quantity.quantized.max[step]) << quantity.name;
            EXPECT_LE(quantity.quantized.max[step], quantity.highest) << quantity.name;
        }
    }
}

TEST(rnnTrace, cellTooSmallForItsValuesSaturatesAndOneThatFitsDoesNot)
{
    QL_SKIP_WITHOUT_ARCHIVE("spoken_digits_cell.mltk.zip");
    const auto report = reportOf(test::sharedArchive("spoken_digits_cell.mltk.zip"), test::sharedArchive("spoken_digits_debug.npz"), {.samples = 20});
    ASSERT_EQ(report->rnn.size(), 1u);
    const RnnQuantity &cell = *report->rnn.front().find("cell");
    EXPECT_EQ(cell.quantized.saturated.front(), 0.0) << "the cell starts at 0";
    EXPECT_GT(std::ranges::max(cell.quantized.saturated), 0.01);
    EXPECT_GT(std::ranges::max(cell.accumulated->floats.saturated), 0.01);
    EXPECT_GT(std::ranges::max(cell.saturatedByUnit), std::ranges::max(cell.quantized.saturated) / 2.0) << "some units more than others";
    const RnnQuantity &fitting = *plainReport()->rnn.front().find("cell");
    EXPECT_EQ(std::ranges::max(fitting.accumulated->floats.saturated), 0.0);
}

TEST(rnnTrace, isThereForOneKindOfErrorAlone)
{
    const auto report = reportOf(kSamples / "spoken_digits_plain.mltk.zip", kSamples / "spoken_digits_plain_debug.npz", {.local = false, .samples = 2});
    EXPECT_FALSE(report->rnn.front().find("cell")->local);
    EXPECT_TRUE(report->rnn.front().find("cell")->accumulated);
}

namespace {

/// The float and a quantized form of one layer as TensorFlow's converter unrolled it.
Subject unrolledPair(const std::string &layer, const std::string &type)
{
    const auto cases = golden::readContainer(golden::directory() / "graphs_converted.zip");
    EXPECT_TRUE(cases) << cases.error().message();
    const auto model = [&](const std::string &name) {
        const auto found = std::ranges::find(*cases, name, &golden::Case::name);
        return *readTflite(std::make_shared<const std::vector<std::byte>>(found->model), name);
    };
    Subject subject;
    subject.floatModel = model(layer + "_float32");
    subject.quantizedModel = model(layer + type);
    return subject;
}

std::shared_ptr<const Report> unrolledReport(const std::string &layer, const std::string &type, RunOptions options = {.threads = 2, .samples = 24})
{
    const Subject subject = unrolledPair(layer, type);
    const auto samples = openDataset("random:24:1", subject.quantizedModel->main());
    EXPECT_TRUE(samples) << samples.error().message();
    const auto report = compareModels(subject, **samples, options);
    EXPECT_TRUE(report) << report.error().message();
    return *report;
}

} // namespace

TEST(rnnTrace, showsAnUnrolledLstmLikeTheOperator)
{
    const auto report = unrolledReport("lstm_unrolled", "_int8");
    ASSERT_EQ(report->rnn.size(), 1u);
    const RnnTrace &trace = report->rnn.front();
    EXPECT_EQ(trace.opName, "LSTM (unrolled)");
    EXPECT_GT(trace.operators, 40u);
    EXPECT_EQ(trace.steps, 6u);
    EXPECT_EQ(trace.units, 4u);
    ASSERT_EQ(trace.quantities.size(), 11u);
    const auto row = std::ranges::find(report->rows, trace.op, &TensorComparison::op);
    ASSERT_NE(row, report->rows.end());
    EXPECT_EQ(row->tensor, trace.tensor);
    // The last step's hidden state is that row's tensor: one error, measured twice.
    const auto mse = static_cast<std::size_t>(metricIndex("mean_squared_error"));
    const RnnQuantity &hidden = *trace.find("hidden");
    ASSERT_TRUE(hidden.local && hidden.accumulated);
    EXPECT_NEAR(hidden.accumulated->rmse.back() * hidden.accumulated->rmse.back(), row->accumulated->metrics[mse], 1e-6 * row->accumulated->metrics[mse]);
    EXPECT_NEAR(hidden.local->rmse.back() * hidden.local->rmse.back(), row->local->metrics[mse], 1e-6 * row->local->metrics[mse]);
    for (const RnnQuantity &quantity : trace.quantities)
        for (std::size_t step = 1; step < trace.steps; ++step) {
            EXPECT_GT(quantity.accumulated->rmse[step], 0.0) << quantity.name << " at " << step;
            EXPECT_GT(quantity.local->rmse[step], 0.0) << quantity.name << " at " << step << ": also what a SPLIT only hands on";
        }
}

TEST(rnnTrace, ofAnUnrolledGruHasItsOwnGatesAndAFormForEveryStep)
{
    const auto report = unrolledReport("gru_unrolled", "_int16");
    ASSERT_EQ(report->rnn.size(), 1u);
    const RnnTrace &trace = report->rnn.front();
    EXPECT_EQ(trace.opName, "GRU (unrolled)");
    EXPECT_EQ(trace.find("cell"), nullptr);
    EXPECT_EQ(trace.find("reset_gate_sum")->gate, "reset");
    const RnnQuantity &hidden = *trace.find("hidden");
    EXPECT_EQ(hidden.type, DataType::Int16);
    ASSERT_EQ(hidden.scaleByStep.size(), trace.steps);
    EXPECT_EQ(hidden.scaleByStep.back(), static_cast<double>(hidden.scale));
    EXPECT_EQ(hidden.highest, *std::ranges::max_element(hidden.highestByStep));
    for (std::size_t step = 0; step < trace.steps; ++step)
        EXPECT_LE(hidden.quantized.max[step], hidden.highestByStep[step]);
    EXPECT_TRUE(trace.find("update_gate")->scaleByStep.empty()) << "LOGISTIC has the same scale at every step";
}

TEST(rnnTrace, ofAnUnrolledLayerDoesNotDependOnTheNumberOfThreads)
{
    const auto one = unrolledReport("gru_unrolled", "_int8", {.threads = 1, .samples = 24});
    const auto three = unrolledReport("gru_unrolled", "_int8", {.threads = 3, .samples = 24});
    for (std::size_t q = 0; q < one->rnn[0].quantities.size(); ++q) {
        EXPECT_EQ(one->rnn[0].quantities[q].local->rmse, three->rnn[0].quantities[q].local->rmse);
        EXPECT_EQ(one->rnn[0].quantities[q].quantized.mean, three->rnn[0].quantities[q].quantized.mean);
    }
}

TEST(rnnTrace, ofOneStepWithItsStateFedBackGoesOnOverTheRuns)
{
    constexpr std::size_t kSteps = 5;
    const Subject subject = unrolledPair("step_model", "_int8");
    test::TemporaryFolder folder;
    std::vector<float> values(2 * kSteps * 5);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = std::sin(static_cast<float>(i));
    test::writeFile(folder / "d.npz", test::zipOf({{.name = "serving_default_input_1:0.npy", .data = test::npyOf<float>("<f4", "(2, 5, 5)", values)}}));
    RunOptions options;
    const std::vector<std::string> links{"StatefulPartitionedCall:1=serving_default_input_3:0", "StatefulPartitionedCall:2=serving_default_input_2:0"};
    const auto feedback = Feedback::parse(links, subject.quantizedModel->main());
    ASSERT_TRUE(feedback) << feedback.error().message();
    options.feedback = *feedback;
    const auto samples = openDataset((folder / "d.npz").string(), subject.quantizedModel->main(), options.feedback);
    ASSERT_TRUE(samples) << samples.error().message();
    const auto report = compareModels(subject, **samples, options);
    ASSERT_TRUE(report) << report.error().message();
    ASSERT_EQ((*report)->rnn.size(), 1u);
    const RnnTrace &trace = (*report)->rnn.front();
    EXPECT_EQ(trace.opName, "LSTM (unrolled)");
    EXPECT_EQ(trace.steps, kSteps);
    for (const char *const name : {"cell", "hidden", "forget_gate_sum"}) {
        ASSERT_EQ(trace.find(name)->accumulated->rmse.size(), kSteps) << name;
        EXPECT_GT(trace.find(name)->accumulated->rmse.back(), 0.0) << name;
        EXPECT_TRUE(trace.find(name)->scaleByStep.empty()) << name << ": every run has the same form";
    }
}
