// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tflite.h"
#include "interpreter/interpreter.h"
#include "kernels/internals.h"
#include "support/golden.h"
#include "support/operator_probe.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>

using namespace quantloupe;

QL_GOLDEN_TESTS(unidirectional_sequence_lstm)

namespace {

/// Keeps every step as real values and codes by quantity.
class Recorder : public InternalsSink {
public:
    struct Step {
        std::size_t sample;
        std::size_t sequence;
        std::size_t step;
        std::map<InternalQuantity, std::vector<float>> real;
        std::map<InternalQuantity, bool> isInteger;
    };
    void operatorStarts(OperatorIndex op) override { lastOperator = op; }
    void step(const InternalsStep &from) override
    {
        Step step{from.sample, from.sequence, from.step, {}, {}};
        for (const InternalValues &values : from.values) {
            step.isInteger[values.quantity] = values.isInteger();
            for (std::size_t unit = 0; unit < values.size(); ++unit)
                step.real[values.quantity].push_back(values.realValue(unit));
        }
        steps.push_back(std::move(step));
    }

    OperatorIndex lastOperator;
    std::vector<Step> steps;
};

/// The steps of the first sample of the first golden case whose name starts so.
std::vector<Recorder::Step> stepsOf(const std::string &prefix, std::vector<std::byte> &output)
{
    const auto cases = golden::readContainer(golden::directory() / "unidirectional_sequence_lstm.zip");
    const auto found = std::ranges::find_if(*cases, [&](const golden::Case &golden) { return golden.name.starts_with(prefix); });
    const auto model = readTflite(std::make_shared<const std::vector<std::byte>>(found->model), found->name);
    const auto prepared = PreparedModel::prepare(*model, KernelProfile::Litert, 1);
    Interpreter interpreter(*prepared);
    const auto place = interpreter.input(0);
    std::copy_n(found->inputs.front().bytes.begin(), place.size(), place.begin());
    Recorder recorder;
    interpreter.setInternalsSink(&recorder);
    EXPECT_TRUE(interpreter.invoke(1));
    const auto bytes = interpreter.output(0);
    output.assign(bytes.begin(), bytes.end());
    EXPECT_EQ(recorder.lastOperator, OperatorIndex(0));
    return recorder.steps;
}

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

/// Gates, cell and hidden state belong together up to the steps of their fixed point.
void expectConsistent(const std::vector<Recorder::Step> &steps, float tolerance)
{
    using enum InternalQuantity;
    ASSERT_FALSE(steps.empty());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto &now = steps[i].real;
        for (std::size_t u = 0; u < now.at(Cell).size(); ++u) {
            for (const auto &[before, after] : {std::pair(InputGateSum, InputGate), std::pair(ForgetGateSum, ForgetGate), std::pair(OutputGateSum, OutputGate)})
                EXPECT_NEAR(now.at(after)[u], sigmoid(now.at(before)[u]), tolerance);
            EXPECT_NEAR(now.at(CellGate)[u], std::tanh(now.at(CellGateSum)[u]), tolerance);
            EXPECT_NEAR(now.at(CellActivation)[u], std::tanh(now.at(Cell)[u]), tolerance);
        }
    }
}

} // namespace

TEST(unidirectional_sequence_lstm, showsTheInsidesOfEveryStepInFloat)
{
    std::vector<std::byte> output;
    const auto steps = stepsOf("float32_02", output);
    expectConsistent(steps, 1e-5f);
    EXPECT_FALSE(steps.front().isInteger.at(InternalQuantity::Cell));
    const auto &hidden = steps.back().real.at(InternalQuantity::Hidden);
    const auto *const last = reinterpret_cast<const float *>(output.data() + output.size()) - hidden.size();
    EXPECT_TRUE(std::equal(hidden.begin(), hidden.end(), last)) << "the last step of the last sequence is the end of the output";
}

TEST(unidirectional_sequence_lstm, showsTheInsidesOfEveryStepInIntegers)
{
    std::vector<std::byte> output;
    const auto steps = stepsOf("int8_cell2to-11_14", output);
    expectConsistent(steps, 2e-3f);
    EXPECT_TRUE(steps.front().isInteger.at(InternalQuantity::Cell));
    EXPECT_EQ(steps.front().step, 0u);
}

TEST(unidirectional_sequence_lstm, refusesAnOperatorWithoutItsState)
{
    test::OperatorProbe probe("UNIDIRECTIONAL_SEQUENCE_LSTM");
    for (int i = 0; i < 20; ++i)
        probe.input({1, 1, 1});
    probe.output({1, 1, 1});
    EXPECT_TRUE(test::says(probe.complaint(), "weights"));
}
