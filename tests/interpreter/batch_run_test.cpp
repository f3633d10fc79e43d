// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/batch_run.h"

#include "formats/tflite.h"
#include "support/golden.h"
#include "support/graph_builder.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

/// A running sum: x + h -> h, in int8 with a scale for each end. Two elements.
std::shared_ptr<const Model> runningSum(float stateIn, float stateOut, std::int64_t zeroPointOut)
{
    test::GraphBuilder b;
    const TensorIndex x = b.input("x", {1, 2}, DataType::Int8);
    const TensorIndex h = b.input("h", {1, 2}, DataType::Int8);
    b.graph().tensors[x.position()].quant = {{0.25f}, {0}, 0};
    b.graph().tensors[h.position()].quant = {{stateIn}, {3}, 0};
    const TensorIndex sum = b.op("ADD", {x, h}, "sum", {1, 2}, stateOut);
    b.graph().tensors[sum.position()].quant.zeroPoints = {zeroPointOut};
    return b.model();
}

std::vector<std::int8_t> sums(std::shared_ptr<const Model> model, const std::vector<std::int8_t> &x, std::size_t samples, bool carries, unsigned threads = 1)
{
    const Feedback feedback = *Feedback::parse(std::vector<std::string>{"sum=h"}, model->main());
    const auto prepared = PreparedModel::prepare(model, KernelProfile::Litert, carries ? 1 : 4);
    const std::size_t steps = x.size() / 2 / samples;
    const BatchRunOptions options{.samples = samples, .carriesState = carries, .threads = threads, .tensors = {model->main().outputs[0]}, .feedback = feedback, .steps = steps};
    const auto read = [&](std::size_t sample, std::size_t step, std::size_t input, std::span<std::byte> out) -> Result<void> {
        if (input == 0)
            std::memcpy(out.data(), x.data() + (sample * steps + step) * 2, 2);
        return {};
    };
    const auto results = runSamples(*prepared, options, read);
    EXPECT_TRUE(results) << results.error().message();
    const auto &bytes = results->tensors.at(model->main().outputs[0]).bytes;
    std::vector<std::int8_t> codes(bytes.size());
    std::memcpy(codes.data(), bytes.data(), bytes.size());
    return codes;
}

} // namespace

TEST(batchRun, feedsAnOutputBackAtEveryStepAndStartsEverySampleAtZero)
{
    const std::vector<std::int8_t> x{10, 1, 10, 1, 10, 1, /**/ 20, 2, 20, 2, 20, 2};
    const std::vector<std::int8_t> expected{10, 1, 20, 2, 30, 3, /**/ 20, 2, 40, 4, 60, 6};
    EXPECT_EQ(sums(runningSum(0.25f, 0.25f, 0), x, 2, false), expected);
    EXPECT_EQ(sums(runningSum(0.25f, 0.25f, 0), x, 2, false, 2), expected);
}

TEST(batchRun, feedsRealValuesWhereTheEndsHaveOtherScales)
{
    // Fed back in steps of 0.5 from an output of steps of 0.25 with zero point -7: 2.5, 5, 7.5 are whole steps of both.
    EXPECT_EQ(sums(runningSum(0.5f, 0.25f, -7), {10, 2, 10, 2, 10, 2}, 1, false), (std::vector<std::int8_t>{3, -5, 13, -3, 23, -1}));
}

TEST(batchRun, carriesFedStateFromSampleToSample)
{
    EXPECT_EQ(sums(runningSum(0.25f, 0.25f, 0), {10, 1, 10, 1, /**/ 20, 2, 20, 2}, 2, true), (std::vector<std::int8_t>{10, 1, 20, 2, /**/ 40, 4, 60, 6}));
}

TEST(batchRun, keepsTheInsidesOfAnLstmInRealValuesAndCodes)
{
    const auto cases = golden::readContainer(golden::directory() / "unidirectional_sequence_lstm.zip");
    const auto found = std::ranges::find_if(*cases, [&](const golden::Case &golden) { return golden.name.starts_with("int8_cell2to-11_14"); });
    const auto model = readTflite(std::make_shared<const std::vector<std::byte>>(found->model), found->name);
    const auto prepared = PreparedModel::prepare(*model, KernelProfile::Litert, 2);
    const golden::InputSamples &input = found->inputs.front();
    const BatchRunOptions options{.samples = found->samples, .tensors = {(*model)->main().outputs[0]}, .internals = true};
    const auto results = runSamples(*prepared, options, [&](std::size_t sample, std::size_t, std::size_t, std::span<std::byte> out) -> Result<void> {
        std::memcpy(out.data(), input.bytes.data() + sample * input.bytesPerSample, out.size());
        return {};
    });
    ASSERT_TRUE(results) << results.error().message();
    ASSERT_EQ(results->internals.size(), 11u);
    const InternalSamples &hidden = results->internals.back();
    EXPECT_EQ(hidden.quantity, InternalQuantity::Hidden);
    EXPECT_EQ(hidden.type(), DataType::Int8);
    // The hidden states are the operator's output: [sequence, step, unit] where time is not the major axis.
    const auto &bytes = results->tensors.begin()->second.bytes;
    ASSERT_EQ(hidden.values.size(), bytes.size());
    const std::vector<std::int32_t> codes = hidden.codes();
    const bool isTimeMajor = (*model)->main().operators[0].options.boolean("time_major");
    for (std::size_t row = 0; row < found->samples * hidden.sequences; ++row) {
        const std::size_t sample = row / hidden.sequences, sequence = row % hidden.sequences;
        for (std::size_t step = 0; step < hidden.steps; ++step) {
            const std::size_t place = isTimeMajor ? step * hidden.sequences + sequence : sequence * hidden.steps + step;
            const std::byte *const output = bytes.data() + (sample * hidden.sequences * hidden.steps + place) * hidden.units;
            for (std::size_t unit = 0; unit < hidden.units; ++unit)
                ASSERT_EQ(codes[(row * hidden.steps + step) * hidden.units + unit], static_cast<std::int8_t>(output[unit])) << row << " " << step;
        }
    }
    const InternalSamples &cell = results->internals[8];
    EXPECT_EQ(cell.quantity, InternalQuantity::Cell);
    EXPECT_EQ(cell.type(), DataType::Int16);
    EXPECT_EQ(cell.values[0], static_cast<float>(cell.codes()[0]) * cell.forms.front().scale);
}
