// SPDX-License-Identifier: GPL-3.0-or-later
//
// A batch run operator by operator in parts, each part through all operators before the next, gives what the whole batch gives.
#include "interpreter/interpreter.h"

#include "formats/tflite.h"
#include "support/wide_network.h"

#include <gtest/gtest.h>
#include <random>

using namespace quantloupe;

namespace {

constexpr std::size_t kBatch = 5;

void fillInput(Interpreter &interpreter)
{
    std::mt19937 random(3); // fixed: the test says one thing every time
    for (std::size_t sample = 0; sample < kBatch; ++sample)
        for (std::byte &byte : interpreter.input(0, sample))
            byte = static_cast<std::byte>(random());
}

} // namespace

TEST(parts, ofABatchGiveWhatTheBatchGives)
{
    const auto model = readTflite(test::share(test::wideNetwork(DataType::Int8, 6).bytes()), "q.tflite");
    ASSERT_TRUE(model) << model.error().message();
    const auto prepared = PreparedModel::prepare(*model, KernelProfile::Litert, kBatch);
    ASSERT_TRUE(prepared) << prepared.error().message();
    const Subgraph &graph = (*prepared)->graph();
    Interpreter whole(*prepared);
    fillInput(whole);
    ASSERT_TRUE(whole.invoke(kBatch));

    // What is between input and output has memory for two samples only, and shares it with what comes after its use.
    std::vector<TensorLife> lives(graph.tensors.size(), {2});
    lives[graph.inputs[0].position()] = lives[graph.outputs[0].position()] = {kBatch};
    for (std::size_t op = 0; op + 1 < graph.operators.size(); ++op) {
        TensorLife &life = lives[graph.operators[op].outputs[0].position()];
        life.first = op;
        life.last = op + 1;
    }
    Interpreter parts(*prepared, lives);
    fillInput(parts);
    parts.start();
    for (std::size_t first = 0; first < kBatch; first += 2) {
        const SampleRange part{first, std::min<std::size_t>(2, kBatch - first)};
        for (std::size_t op = 0; op < graph.operators.size(); ++op) {
            ASSERT_TRUE(parts.invoke(OperatorIndex(op), part));
            const TensorIndex output = graph.operators[op].outputs[0];
            const Operand place = parts.operand(output, part);
            for (std::size_t sample = 0; sample < part.count; ++sample) {
                const auto expected = whole.bytes(output, first + sample);
                EXPECT_TRUE(std::ranges::equal(expected, std::span(place.data + sample * place.stride, expected.size()))) << "operator " << op << ", sample " << first + sample;
            }
        }
    }
    for (std::size_t sample = 0; sample < kBatch; ++sample)
        EXPECT_TRUE(std::ranges::equal(whole.output(0, sample), parts.output(0, sample))) << sample;
}
