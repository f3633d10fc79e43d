// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layers that TensorFlow's converter unrolled, told by structure; their gates are held to the layers' equations.
#include "interpreter/unrolled_recurrence.h"

#include "formats/tflite.h"
#include "interpreter/batch_run.h"
#include "support/golden.h"
#include "support/graph_builder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using namespace quantloupe;
using Cell = UnrolledRecurrence::Cell;

namespace {

const std::vector<golden::Case> &converted()
{
    static const auto cases = *golden::readContainer(golden::directory() / "graphs_converted.zip");
    return cases;
}

const golden::Case &caseOf(const std::string &name)
{
    const auto found = std::ranges::find(converted(), name, &golden::Case::name);
    EXPECT_NE(found, converted().end()) << name;
    return *found;
}

std::shared_ptr<const Model> modelOf(const golden::Case &golden)
{
    return *readTflite(std::make_shared<const std::vector<std::byte>>(golden.model), golden.name);
}

BatchRunResults run(const golden::Case &golden)
{
    const auto model = modelOf(golden);
    const auto prepared = PreparedModel::prepare(model, KernelProfile::Litert, 2);
    BatchRunOptions options{.samples = golden.samples, .threads = 1, .tensors = model->main().outputs, .internals = true};
    const auto read = [&](std::size_t sample, std::size_t, std::size_t input, std::span<std::byte> out) -> Result<void> {
        std::memcpy(out.data(), golden.inputs.at(input).bytes.data() + sample * out.size(), out.size());
        return {};
    };
    auto results = runSamples(*prepared, options, read);
    EXPECT_TRUE(results) << results.error().message();
    return std::move(*results);
}

const InternalSamples &of(const BatchRunResults &results, InternalQuantity quantity)
{
    const auto found = std::ranges::find(results.internals, quantity, &InternalSamples::quantity);
    EXPECT_NE(found, results.internals.end()) << name(quantity);
    return *found;
}

/// Calls check(at) for every value but those of the first steps: `at` and the step before it are `units` apart.
template <typename F> void forEachLaterValue(const InternalSamples &samples, F &&check)
{
    for (std::size_t at = 0; at < samples.values.size(); ++at)
        if (at / samples.units % samples.steps != 0)
            check(at);
}

double sigmoid(double x)
{
    return 1.0 / (1.0 + std::exp(-x));
}

} // namespace

TEST(unrolledRecurrence, isToldInFloatAndInIntegers)
{
    for (const auto &[name, cell] : {std::pair("lstm_unrolled", Cell::Lstm), std::pair("gru_unrolled", Cell::Gru), std::pair("gru_unrolled_before", Cell::Gru), std::pair("rnn_unrolled", Cell::Simple)})
        for (const char *const type : {"_float32", "_int8", "_int16"}) {
            const auto found = std::ranges::find(converted(), std::string(name) + type, &golden::Case::name);
            if (found == converted().end())
                continue;
            const auto recurrences = findUnrolledRecurrences(modelOf(*found)->main());
            ASSERT_EQ(recurrences.size(), 1u) << found->name;
            EXPECT_EQ(recurrences[0].cell, cell) << found->name;
            EXPECT_EQ(recurrences[0].steps.size(), 6u) << found->name;
            EXPECT_EQ(recurrences[0].units, 4u) << found->name;
            EXPECT_EQ(recurrences[0].sequences, 1u) << found->name;
        }
}

TEST(unrolledRecurrence, isNotSeenWhereThereIsNone)
{
    for (const golden::Case &golden : converted())
        if (golden.name.find("unrolled") == std::string::npos && !golden.name.starts_with("step_model"))
            EXPECT_TRUE(findUnrolledRecurrences(modelOf(golden)->main()).empty()) << golden.name;
}

TEST(unrolledRecurrence, gatesOfAnLstmMakeItsCellAndItsHiddenState)
{
    using enum InternalQuantity;
    const BatchRunResults results = run(caseOf("lstm_unrolled_float32"));
    const auto &cell = of(results, InternalQuantity::Cell).values;
    forEachLaterValue(of(results, Hidden), [&](std::size_t at) {
        const std::size_t before = at - of(results, Hidden).units;
        for (const auto &[sum, gate] : {std::pair(InputGateSum, InputGate), std::pair(ForgetGateSum, ForgetGate), std::pair(OutputGateSum, OutputGate)})
            EXPECT_NEAR(of(results, gate).values[at], sigmoid(of(results, sum).values[at]), 1e-6) << name(gate) << at;
        EXPECT_NEAR(of(results, CellGate).values[at], std::tanh(of(results, CellGateSum).values[at]), 1e-6);
        EXPECT_NEAR(cell[at], of(results, ForgetGate).values[at] * cell[before] + of(results, InputGate).values[at] * of(results, CellGate).values[at], 1e-6);
        EXPECT_NEAR(of(results, Hidden).values[at], of(results, OutputGate).values[at] * of(results, CellActivation).values[at], 1e-6);
    });
}

TEST(unrolledRecurrence, gatesOfAGruMakeItsHiddenState)
{
    using enum InternalQuantity;
    const BatchRunResults results = run(caseOf("gru_unrolled_float32"));
    const InternalSamples &hidden = of(results, Hidden);
    forEachLaterValue(hidden, [&](std::size_t at) {
        const double update = of(results, UpdateGate).values[at];
        EXPECT_NEAR(update, sigmoid(of(results, UpdateGateSum).values[at]), 1e-6);
        EXPECT_NEAR(of(results, ResetGate).values[at], sigmoid(of(results, ResetGateSum).values[at]), 1e-6);
        EXPECT_NEAR(of(results, CandidateGate).values[at], std::tanh(of(results, CandidateGateSum).values[at]), 1e-6);
        EXPECT_NEAR(hidden.values[at], update * static_cast<double>(hidden.values[at - hidden.units]) + (1.0 - update) * static_cast<double>(of(results, CandidateGate).values[at]), 1e-6);
    });
}

TEST(unrolledRecurrence, hasAScaleForEveryStepAndItsCodesAreTheTensors)
{
    const golden::Case &golden = caseOf("gru_unrolled_int8");
    const auto model = modelOf(golden);
    const auto recurrence = findUnrolledRecurrences(model->main()).at(0);
    const BatchRunResults results = run(golden);
    const InternalSamples &hidden = of(results, InternalQuantity::Hidden);
    ASSERT_EQ(hidden.forms.size(), hidden.steps);
    EXPECT_EQ(hidden.type(), DataType::Int8);
    for (std::size_t step = 0; step < hidden.steps; ++step)
        EXPECT_EQ(hidden.forms[step].scale, model->main().tensor(recurrence.at(step, InternalQuantity::Hidden)).quant.scale());
    // The golden has every tensor: those of the last hidden state are the last step's codes.
    const TensorIndex last = recurrence.at(hidden.steps - 1, InternalQuantity::Hidden);
    const auto &tensors = golden.expectations.front().tensors;
    const auto expected = std::ranges::find(tensors, last, &golden::ExpectedTensor::tensor);
    ASSERT_NE(expected, tensors.end());
    ASSERT_EQ(expected->raw.size(), golden.samples * hidden.units);
    const std::vector<std::int32_t> codes = hidden.codes();
    for (std::size_t i = 0; i < expected->raw.size(); ++i) {
        const std::size_t at = ((i / hidden.units + 1) * hidden.steps - 1) * hidden.units + i % hidden.units;
        EXPECT_EQ(codes[at], static_cast<std::int32_t>(static_cast<std::int8_t>(expected->raw[i]))) << i;
    }
}

TEST(unrolledRecurrence, oneStepCountsOnlyWhereItsStateIsAnInput)
{
    const auto step = [](bool hasStateInput) {
        test::GraphBuilder b;
        const TensorIndex x = b.input("x", {1, 2});
        const TensorIndex state = hasStateInput ? b.input("h", {1, 2}) : b.op("FLOOR", {x}, "h", {1, 2});
        const TensorIndex one = b.constant("one", {1, 2}, std::vector<float>{1, 1});
        const TensorIndex update = b.op("LOGISTIC", {x}, "z", {1, 2});
        const TensorIndex candidate = b.op("TANH", {x}, "n", {1, 2});
        const TensorIndex kept = b.op("MUL", {state, update}, "kept", {1, 2});
        const TensorIndex rest = b.op("SUB", {one, update}, "rest", {1, 2});
        const TensorIndex added = b.op("MUL", {rest, candidate}, "added", {1, 2});
        b.op("ADD", {added, kept}, "next", {1, 2});
        return b.model();
    };
    const auto found = findUnrolledRecurrences(step(true)->main());
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].title(), "GRU (unrolled)");
    EXPECT_FALSE(found[0].at(0, InternalQuantity::ResetGate).isValid());
    EXPECT_TRUE(findUnrolledRecurrences(step(false)->main()).empty());
}

TEST(unrolledRecurrence, isLookedForInOperatorsWithoutTheirOperands)
{
    test::GraphBuilder b;
    const TensorIndex x = b.input("x", {1, 2});
    const TensorIndex gate = b.op("LOGISTIC", {}, "gate", {1, 2});
    const TensorIndex candidate = b.op("TANH", {}, "candidate", {1, 2});
    const TensorIndex shaped = b.op("RESHAPE", {}, "shaped", {1, 2});
    b.op("MUL", {gate}, "product", {1, 2});
    b.op("MUL", {gate, candidate}, "both", {1, 2});
    b.op("FULLY_CONNECTED", {shaped, TensorIndex()}, "dense", {1, 2});
    const TensorIndex sum = b.op("ADD", {x, TensorIndex()}, "sum", {1, 2});
    b.op("TANH", {sum}, "end", {1, 2});
    EXPECT_TRUE(findUnrolledRecurrences(b.model()->main()).empty());
}
