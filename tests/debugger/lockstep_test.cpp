// SPDX-License-Identifier: GPL-3.0-or-later
//
// Running both models in step and in parts must not show: every figure of the report is held against both models run one after
// the other, and every element looked at by itself (TwinRun).
#include "debugger/lockstep.h"

#include "dataset/dataset.h"
#include "debugger/debugger.h"
#include "debugger/twin_run.h"
#include "formats/tflite.h"
#include "metrics/error_pass.h"
#include "report/export.h"
#include "support/paths.h"
#include "support/wide_network.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace quantloupe;

namespace {

/// Wide enough for parts of one sample, but for its end.
constexpr std::int32_t kWideEdge = 128;

Subject wideSubject(std::int32_t edge)
{
    Subject subject;
    subject.floatModel = *readTflite(test::share(test::wideNetwork(DataType::Float32, edge).bytes()), "f.tflite");
    subject.quantizedModel = *readTflite(test::share(test::wideNetwork(DataType::Int8, edge).bytes()), "q.tflite");
    return subject;
}

std::shared_ptr<const RowPlan> planOf(const Subject &subject, std::size_t batch = kMostSamplesAtOnce)
{
    const auto plan = planRows(subject.floatModel, subject.quantizedModel, KernelProfile::Litert, batch, subject.pairing.get());
    EXPECT_TRUE(plan) << plan.error().message();
    return *plan;
}

/// What one row of a report is made of, one element after the other.
struct Expected {
    struct Kind {
        std::vector<double> meanSquared;
        std::vector<double> mean;
        std::vector<double> largest;
        std::vector<double> power; ///< of the float values
        GrowingHistogram errors;
        GridHistogram values;
    };
    std::array<Kind, kErrorKinds> kinds;
    GridHistogram codes;
};

void add(Expected::Kind &kind, const PlannedRow &row, const RowValues &values, std::span<const float> floats)
{
    const auto inverse = static_cast<float>(1.0 / row.grid.scale);
    double sum = 0.0, squared = 0.0, largest = 0.0, power = 0.0;
    for (std::size_t i = 0; i < floats.size(); ++i) {
        const float diff = values.dequantized[i] - floats[i];
        sum += static_cast<double>(diff);
        squared += static_cast<double>(diff) * static_cast<double>(diff);
        largest = std::max(largest, std::abs(static_cast<double>(diff)));
        power += static_cast<double>(floats[i]) * static_cast<double>(floats[i]);
        const auto steps = static_cast<double>(diff * inverse);
        kind.errors.add(steps);
        const auto code = static_cast<std::int64_t>(static_cast<std::int8_t>(values.codes[i]));
        kind.values.addCode(row.grid, code - static_cast<std::int64_t>(std::floor((std::floor(2.0 * steps) + 1.0) / 2.0)));
    }
    const auto count = static_cast<double>(floats.size());
    kind.mean.push_back(sum / count);
    kind.meanSquared.push_back(squared / count);
    kind.largest.push_back(largest);
    kind.power.push_back(power / count);
}

double average(const std::vector<double> &values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void expectKind(const Expected::Kind &expected, const PlannedRow &row, const ErrorStatistics &got)
{
    const auto metric = [&](const char *name) { return got.metrics[static_cast<std::size_t>(metricIndex(name))]; };
    const double meanSquared = average(expected.meanSquared);
    EXPECT_NEAR(metric("mean_squared_error"), meanSquared, 1e-6 * meanSquared);
    EXPECT_NEAR(metric("mean_error"), average(expected.mean), 1e-5 * std::sqrt(meanSquared));
    EXPECT_EQ(metric("max_abs_error"), average(expected.largest));
    EXPECT_EQ(got.errorInLsb, expected.errors.histogram());
    EXPECT_EQ(got.floatValues, expected.values.histogram(row.grid));
    double decibels = 0.0;
    std::size_t samples = 0;
    for (std::size_t i = 0; i < expected.power.size(); ++i)
        if (const double ratio = 10.0 * std::log10(expected.power[i] / expected.meanSquared[i]); std::isfinite(ratio)) {
            decibels += ratio;
            ++samples;
        }
    if (samples > 0)
        EXPECT_NEAR(metric("sqnr"), decibels / static_cast<double>(samples), 1e-4);
}

void expectSameAsElementByElement(const Subject &subject, const Dataset &dataset, std::size_t samples)
{
    const auto report = compareModels(subject, dataset, {.threads = 2, .samples = samples, .findings = false});
    ASSERT_TRUE(report) << report.error().message();
    const auto plan = planOf(subject);
    std::vector<std::size_t> rows(plan->rows.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    std::vector<Expected> expected(rows.size());
    TwinRun run(plan, dataset, StatePolicy::Reset, rows);
    for (std::size_t first = 0; first < samples; first += run.maxBatch()) {
        const auto done = run.run(first, std::min(run.maxBatch(), samples - first), [&](const RowValues &values) {
            const PlannedRow &row = plan->rows[values.row];
            if (!values.localFloats.empty())
                add(expected[values.row].kinds[0], row, values, values.localFloats);
            if (!values.accumulatedFloats.empty())
                add(expected[values.row].kinds[1], row, values, values.accumulatedFloats);
            for (const std::byte code : values.codes)
                expected[values.row].codes.addCode(row.grid, static_cast<std::int8_t>(code));
        });
        ASSERT_TRUE(done) << done.error().message();
    }
    ASSERT_EQ((*report)->rows.size(), rows.size());
    for (const std::size_t row : rows) {
        const TensorComparison &got = (*report)->rows[row];
        SCOPED_TRACE(got.opName + " " + got.tensorName);
        EXPECT_EQ(got.quantizedValues, expected[row].codes.histogram(plan->rows[row].grid));
        ASSERT_EQ(got.local.has_value(), !expected[row].kinds[0].mean.empty());
        ASSERT_EQ(got.accumulated.has_value(), !expected[row].kinds[1].mean.empty());
        if (got.local)
            expectKind(expected[row].kinds[0], plan->rows[row], *got.local);
        if (got.accumulated)
            expectKind(expected[row].kinds[1], plan->rows[row], *got.accumulated);
    }
}

} // namespace

TEST(lockstep, everyStepIsInOneStretch)
{
    const auto plan = planOf(wideSubject(kWideEdge));
    const Lockstep &lockstep = plan->lockstep;
    ASSERT_EQ(lockstep.steps.size(), plan->quantized->graph().operators.size() + 1);
    EXPECT_EQ(lockstep.steps.back().floatEnd, plan->floats->graph().operators.size());
    std::size_t next = 0;
    for (const Lockstep::Stretch &stretch : lockstep.stretches) {
        EXPECT_EQ(stretch.firstStep, next);
        EXPECT_GT(stretch.endStep, stretch.firstStep);
        next = stretch.endStep;
    }
    EXPECT_EQ(next, lockstep.steps.size());
}

TEST(lockstep, wideTensorsGoInPartsAndThoseThatLeaveTheStretchAreWhole)
{
    const auto plan = planOf(wideSubject(kWideEdge));
    const std::size_t batch = plan->quantized->maxBatch();
    ASSERT_GT(batch, 1u);
    ASSERT_GT(plan->lockstep.stretches.size(), 1u);
    EXPECT_LT(plan->lockstep.stretches.front().samples, batch);
    EXPECT_EQ(plan->lockstep.stretches.back().samples, batch);
    const Subgraph &graph = plan->quantized->graph();
    const auto placesOf = [&](const char *name) {
        const auto tensor = std::ranges::find(graph.tensors, name, &Tensor::name);
        return plan->lockstep.quantizedLives[static_cast<std::size_t>(tensor - graph.tensors.begin())].samples;
    };
    EXPECT_EQ(placesOf("x"), batch) << "read before anything runs";
    EXPECT_LT(placesOf("pad"), batch);
    EXPECT_EQ(placesOf("probability"), batch) << "a model's output";
}

TEST(lockstep, smallModelsRunWholeBatches)
{
    const auto plan = planOf(wideSubject(4));
    ASSERT_EQ(plan->lockstep.stretches.size(), 1u);
    EXPECT_EQ(plan->lockstep.stretches.front().samples, plan->quantized->maxBatch());
}

TEST(lockstep, aReportInPartsIsWhatItsElementsAre)
{
    const Subject subject = wideSubject(kWideEdge);
    const auto dataset = openDataset("random:19:7", subject.quantizedModel->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    expectSameAsElementByElement(subject, **dataset, 19); // no multiple of a batch
}

TEST(lockstep, aReportOfASmallModelIsWhatItsElementsAre)
{
    const Subject subject = wideSubject(5);
    const auto dataset = openDataset("random:70:3", subject.quantizedModel->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    expectSameAsElementByElement(subject, **dataset, 70);
}

TEST(lockstep, theSamplesReportIsWhatItsElementsAre)
{
    const auto folder = test::samplesFolder();
    const auto subject = openSubject(std::vector{folder / "spoken_digits_plain.mltk.zip"});
    ASSERT_TRUE(subject) << subject.error().message();
    const auto dataset = openDataset((folder / "spoken_digits_plain_debug.npz").string(), subject->quantizedModel->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    expectSameAsElementByElement(*subject, **dataset, 30);
}

TEST(lockstep, aReportInPartsDoesNotDependOnThreads)
{
    const Subject subject = wideSubject(kWideEdge);
    const auto dataset = openDataset("random:40:5", subject.quantizedModel->main());
    ASSERT_TRUE(dataset) << dataset.error().message();
    std::vector<std::string> texts;
    for (const unsigned threads : {1u, 3u})
        texts.push_back(findExporter("json")->text(**compareModels(subject, **dataset, {.threads = threads}), ErrorKind::Local));
    EXPECT_EQ(texts[0], texts[1]);
}
