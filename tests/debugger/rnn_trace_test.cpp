// SPDX-License-Identifier: GPL-3.0-or-later
//
// The insides of a recurrent operator in a report, held against what the report says of its output.
#include "dataset/dataset.h"
#include "debugger/debugger.h"
#include "metrics/metric.h"
#include "support/bytes.h"
#include "support/paths.h"

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
