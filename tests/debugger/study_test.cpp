// SPDX-License-Identifier: GPL-3.0-or-later
//
// A close look at a tensor is held against the report of the same run: both must tell the same story.
#include "debugger/study.h"

#include "dataset/dataset.h"
#include "metrics/metric.h"
#include "report/study_json.h"
#include "support/paths.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace quantloupe;

namespace {

constexpr std::size_t kSampleCount = 12;

struct Opened {
    Subject subject;
    std::shared_ptr<const Dataset> dataset;
    std::shared_ptr<const Report> report;
    RunOptions options;
};

Opened opened(StatePolicy state)
{
    const auto folder = test::samplesFolder();
    auto subject = openSubject(std::vector{folder / "spoken_digits_plain.mltk.zip"});
    EXPECT_TRUE(subject) << subject.error().message();
    Opened result{std::move(*subject), {}, {}, {.state = state, .threads = 1, .samples = kSampleCount}};
    result.dataset = *openDataset((folder / "spoken_digits_plain_debug.npz").string(), result.subject.quantizedModel->main());
    result.report = *compareModels(result.subject, *result.dataset, result.options);
    return result;
}

const Opened &plain()
{
    static const Opened result = opened(StatePolicy::Reset);
    return result;
}

std::vector<std::size_t> allRows(const Opened &run)
{
    std::vector<std::size_t> rows(run.report->rows.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
}

std::vector<TensorStudy> studiesOf(const Opened &run)
{
    auto studies = studyTensors(run.subject, *run.dataset, run.options, allRows(run));
    EXPECT_TRUE(studies) << studies.error().message();
    return std::move(*studies);
}

double meanSquaredError(const ErrorStudy &error)
{
    double squares = 0.0;
    double count = 0.0;
    for (const ChannelError &channel : error.channels) {
        squares += channel.rmse * channel.rmse * static_cast<double>(channel.count);
        count += static_cast<double>(channel.count);
    }
    return squares / count;
}

void expectAsReported(const Opened &run)
{
    const auto mse = static_cast<std::size_t>(metricIndex("mean_squared_error"));
    for (const TensorStudy &study : studiesOf(run)) {
        const TensorComparison &row = run.report->rows[study.row];
        EXPECT_EQ(study.samples, kSampleCount);
        for (const ErrorKind kind : {ErrorKind::Local, ErrorKind::Accumulated}) {
            ASSERT_EQ(study.error(kind).has_value(), row.statistics(kind).has_value()) << row.opName;
            if (!study.error(kind))
                continue;
            const double reported = row.statistics(kind)->metrics[mse];
            EXPECT_NEAR(meanSquaredError(*study.error(kind)), reported, 1e-7 * reported + 1e-30) << row.opName << ", " << name(kind) << " error";
            EXPECT_EQ(study.error(kind)->density.total(), static_cast<std::uint64_t>(row.shape.elementCount()) * kSampleCount) << row.opName;
        }
    }
}

} // namespace

TEST(study, errorsOfChannelsMakeTheErrorOfTheRow)
{
    expectAsReported(plain());
}

TEST(study, withStateCarriedOverItLooksAtTheSameRun)
{
    expectAsReported(opened(StatePolicy::Carry));
}

TEST(study, codesAreThoseOfTheReportsHistogram)
{
    for (const TensorStudy &study : studiesOf(plain())) {
        const TensorComparison &row = plain().report->rows[study.row];
        const Histogram &histogram = row.quantizedValues;
        EXPECT_EQ(study.codes.elements, histogram.total());
        if (row.type != DataType::Int8)
            continue;
        EXPECT_EQ(study.codes.used, static_cast<std::uint64_t>(std::ranges::count_if(histogram.counts, [](std::uint64_t count) { return count > 0; }))) << row.opName;
        EXPECT_DOUBLE_EQ(study.codes.shareAtMin, static_cast<double>(histogram.counts.front()) / static_cast<double>(histogram.total()));
        EXPECT_DOUBLE_EQ(study.codes.shareAtMax, static_cast<double>(histogram.counts.back()) / static_cast<double>(histogram.total()));
        EXPECT_GE(study.codes.unusedBelow(), 0.0);
        EXPECT_LT(study.codes.unusedBelow() + study.codes.unusedAbove(), 1.0);
    }
}

TEST(study, densityLiesOnTheDequantizedValues)
{
    for (const TensorStudy &study : studiesOf(plain())) {
        const TensorComparison &row = plain().report->rows[study.row];
        if (!study.local || row.type != DataType::Int8)
            continue;
        const Density &density = study.local->density;
        ASSERT_EQ(density.counts.size(), density.columns * density.rows);
        const double lowest = static_cast<double>(row.scale) * (static_cast<double>(study.codes.lowest - row.zeroPoint) - 0.5);
        EXPECT_NEAR(density.yLower, lowest, 1e-6 * std::abs(lowest) + 1e-12) << row.opName;
        EXPECT_EQ(density.rows, static_cast<std::size_t>(study.codes.highest - study.codes.lowest + 1)) << row.opName;
        // Every row of cells is one code: its counts are the code's.
        const Histogram &histogram = row.quantizedValues;
        for (std::size_t y = 0; density.beyond == 0 && y < density.rows; ++y) {
            std::uint64_t count = 0;
            for (std::size_t x = 0; x < density.columns; ++x)
                count += density.at(x, y);
            EXPECT_EQ(count, histogram.counts[y + static_cast<std::size_t>(study.codes.lowest + 128)]) << row.opName;
        }
    }
}

TEST(study, weightsArePerChannelAndErrBelowHalfAStep)
{
    const auto studies = studiesOf(plain());
    const auto conv = std::ranges::find_if(studies, [](const TensorStudy &study) { return plain().report->rows[study.row].opName == "CONV_2D"; });
    ASSERT_NE(conv, studies.end());
    ASSERT_GE(conv->weights.size(), 1u);
    const WeightStudy &kernel = conv->weights.front();
    EXPECT_EQ(kernel.type, DataType::Int8);
    EXPECT_EQ(kernel.scales.size(), static_cast<std::size_t>(kernel.shape.dim(kernel.axis)));
    ASSERT_EQ(kernel.channels.size(), kernel.scales.size()) << kernel.whyNotCompared;
    for (std::size_t channel = 0; channel < kernel.channels.size(); ++channel)
        EXPECT_LE(kernel.channels[channel].maxAbsError, 0.5001 * static_cast<double>(kernel.scales[channel])) << channel;
    EXPECT_GT(kernel.rmseOverScale, 0.15);
    EXPECT_LT(kernel.rmseOverScale, 0.45);
    EXPECT_EQ(kernel.floatValues.total(), static_cast<std::uint64_t>(kernel.shape.elementCount()));
    EXPECT_EQ(kernel.quantizedValues.total(), kernel.floatValues.total());
}

TEST(study, aSamplesTraceIsItsErrorInTheReport)
{
    for (const StatePolicy state : {StatePolicy::Reset, StatePolicy::Carry}) {
        const Opened run = opened(state);
        const auto study = studySample(run.subject, *run.dataset, run.options, 7);
        ASSERT_TRUE(study) << study.error().message();
        ASSERT_EQ(study->rows.size(), run.report->rows.size());
        for (std::size_t row = 0; row < study->rows.size(); ++row) {
            const TensorComparison &reported = run.report->rows[row];
            if (reported.local)
                EXPECT_NEAR(study->rows[row].local, static_cast<double>(reported.local->rmseBySample[7]), 1e-6 * study->rows[row].local + 1e-12) << reported.opName << name(state);
            if (reported.accumulated)
                EXPECT_NEAR(study->rows[row].accumulated, static_cast<double>(reported.accumulated->rmseBySample[7]), 1e-6 * study->rows[row].accumulated + 1e-12) << reported.opName;
        }
        ASSERT_EQ(study->inputs.size(), 1u);
        std::vector<float> expected(run.dataset->elementCount(0));
        ASSERT_TRUE(run.dataset->read(7, 0, expected));
        EXPECT_EQ(study->inputs.front().floats, expected);
        EXPECT_EQ(study->label, run.dataset->labels()[7]);
        ASSERT_EQ(study->outputs.size(), 1u);
        EXPECT_EQ(study->outputs.front().floats.size(), study->outputs.front().dequantized.size());
    }
}

TEST(study, whatDoesNotExistIsRefusedAndAStopEndsIt)
{
    const Opened &run = plain();
    const std::array<std::size_t, 1> missing{run.report->rows.size()};
    const auto row = studyTensors(run.subject, *run.dataset, run.options, missing);
    ASSERT_FALSE(row);
    EXPECT_EQ(row.error().code, ErrorCode::Usage);
    const auto sample = studySample(run.subject, *run.dataset, run.options, run.dataset->sampleCount());
    ASSERT_FALSE(sample);
    EXPECT_EQ(sample.error().code, ErrorCode::Usage);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = studyTensors(run.subject, *run.dataset, run.options, allRows(run), stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

TEST(study, tablesHaveALineForEveryChannel)
{
    const auto studies = studiesOf(plain());
    for (const TensorStudy &study : studies) {
        const std::string channels = channelsCsv(study);
        EXPECT_EQ(std::ranges::count(channels, '\n'), study.channelCount + 1);
        std::size_t scales = 0;
        for (const WeightStudy &weight : study.weights)
            scales += weight.scales.size();
        EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(weightsCsv(study), '\n')), scales + 1);
        const auto json = studyJson(study);
        EXPECT_EQ(json.at("row").get<std::size_t>(), study.row + 1);
        EXPECT_EQ(json.at("codes").at("used").get<std::uint64_t>(), study.codes.used);
        EXPECT_LE(study.local ? json.at("local").at("density").at("counts").size() : 0u, 64u);
    }
}

TEST(study, aCoarserDensityKeepsItsCountsAndItsPlace)
{
    Density fine;
    fine.xLower = -1.0;
    fine.xWidth = fine.yWidth = 0.5;
    fine.columns = 5;
    fine.rows = 3;
    fine.counts = {1, 2, 3, 4, 5, 0, 0, 1, 0, 0, 7, 0, 0, 0, 9};
    fine.beyond = 2;
    const Density coarse = fine.coarser(2);
    EXPECT_EQ(coarse.columns, 2u);
    EXPECT_EQ(coarse.rows, 2u);
    EXPECT_EQ(coarse.total(), fine.total());
    EXPECT_EQ(coarse.at(0, 0), 7u) << "three columns and two rows in one cell";
    EXPECT_EQ(coarse.at(1, 1), 9u);
    EXPECT_EQ(coarse.xLower, fine.xLower);
    EXPECT_EQ(coarse.xWidth, 1.5);
    EXPECT_EQ(coarse.yWidth, 1.0);
    EXPECT_EQ(fine.coarser(5), fine);
    EXPECT_EQ(Density().coarser(8), Density());
}
