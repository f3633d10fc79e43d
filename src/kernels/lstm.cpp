// SPDX-License-Identifier: GPL-3.0-or-later
//
// LSTM: one step, input [batch, features]. The full kernel has the 24 inputs of the sequence form; the basic one keeps
// its state outside: input, activation before, weights [4 units, features + units], bias, state before, and gives
// activation, state, the joined input and the gates' sums. Semantics of tensorflow/lite/kernels/lstm.cc.
#include "kernels/gemm.h"
#include "kernels/lstm.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::int64_t kBasic = 1;

/// Order of the basic kernel's gates in its weights.
enum BasicGate : std::size_t { kInputBlock, kCandidateBlock, kForgetBlock, kOutputBlock, kBlocks };

struct BasicLstm {
    std::size_t sequences = 0;
    std::size_t features = 0;
    std::size_t units = 0;
    std::vector<float> weights; ///< [features + units, 4 units]
    std::vector<float> bias;

    void eval(EvalContext &run) const
    {
        forEachSample(run, [&](std::size_t sample) {
            const std::size_t depth = features + units;
            float *const joined = run.output<float>(2, sample);
            float *const sums = run.output<float>(3, sample);
            for (std::size_t r = 0; r < sequences; ++r) {
                std::copy_n(run.input<float>(0, sample) + r * features, features, joined + r * depth);
                std::copy_n(run.input<float>(1, sample) + r * units, units, joined + r * depth + features);
            }
            gemm::multiply(joined, sequences, weights.data(), kBlocks * units, depth, sums);
            for (std::size_t i = 0; i < sequences * kBlocks * units; ++i)
                sums[i] += bias[i % (kBlocks * units)];
            for (std::size_t i = 0; i < sequences * units; ++i)
                step(run, sample, i, sums + i / units * kBlocks * units + i % units);
            if (run.internals)
                for (std::size_t r = 0; r < sequences; ++r)
                    tell(run, sample, r, sums + r * kBlocks * units);
            keep(run, sample);
        });
    }

private:
    static float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

    void step(EvalContext &run, std::size_t sample, std::size_t i, const float *sums) const
    {
        const float state = sigmoid(sums[kInputBlock * units]) * std::tanh(sums[kCandidateBlock * units])
            + sigmoid(sums[kForgetBlock * units]) * run.input<float>(4, sample)[i];
        run.output<float>(1, sample)[i] = state;
        run.output<float>(0, sample)[i] = sigmoid(sums[kOutputBlock * units]) * std::tanh(state);
    }

    void tell(EvalContext &run, std::size_t sample, std::size_t sequence, const float *sums) const
    {
        using enum InternalQuantity;
        const std::array<InternalValues, 6> values{
            InternalValues{.quantity = InputGateSum, .real = {sums + kInputBlock * units, units}},
            InternalValues{.quantity = ForgetGateSum, .real = {sums + kForgetBlock * units, units}},
            InternalValues{.quantity = CellGateSum, .real = {sums + kCandidateBlock * units, units}},
            InternalValues{.quantity = OutputGateSum, .real = {sums + kOutputBlock * units, units}},
            InternalValues{.quantity = Cell, .real = {run.output<float>(1, sample) + sequence * units, units}},
            InternalValues{.quantity = Hidden, .real = {run.output<float>(0, sample) + sequence * units, units}}};
        run.internals->step({sample, sequence, 0, values});
    }

    /// The reference copies activation and state back to the inputs they came from.
    void keep(EvalContext &run, std::size_t sample) const
    {
        if (keepsState) {
            std::copy_n(run.output<float>(0, sample), sequences * units, run.state<float>(1, sample));
            std::copy_n(run.output<float>(1, sample), sequences * units, run.state<float>(4, sample));
        }
    }

public:
    bool keepsState = false; ///< of variable tensors: other inputs are made anew before the next run
};

Result<EvalFunction> prepareBasic(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(5, 5, 4));
    for (std::size_t i = 0; i < 5; ++i)
        if (context.input(i).type() != DataType::Float32)
            return fail(context.unsupported("float32 (the basic kernel)", context.typesText()));
    const Shape &input = context.input(0).shape;
    const Shape &before = context.input(1).shape;
    if (input.rank() != 2 || before.rank() != 2 || input[0] != before[0] || input.elementCount() == 0 || before.elementCount() == 0)
        return fail(context.invalid("an input [batch, features] and an activation [batch, units]", fmt::format("{} and {}", input.text(), before.text())));
    const std::int32_t units = before[1];
    const std::int32_t depth = input[1] + units;
    if (context.input(2).shape != Shape{4 * units, depth} || context.input(3).shape != Shape{4 * units})
        return fail(context.invalid(fmt::format("weights {}x{} and a bias of {}", 4 * units, depth, 4 * units),
                                    fmt::format("{} and {}", context.input(2).shape.text(), context.input(3).shape.text())));
    if (context.input(4).shape != before)
        return fail(context.invalid(fmt::format("a state of shape {}", before.text()), context.input(4).shape.text()));
    BasicLstm lstm;
    lstm.sequences = static_cast<std::size_t>(input[0]);
    lstm.features = static_cast<std::size_t>(input[1]);
    lstm.units = static_cast<std::size_t>(units);
    QL_TRY(const auto weights, context.values<float>(2));
    QL_TRY(const auto bias, context.values<float>(3));
    lstm.weights.resize(weights.size());
    gemm::transpose(weights.data(), kBlocks * lstm.units, lstm.features + lstm.units, lstm.weights.data());
    lstm.bias.assign(bias.begin(), bias.end());
    const auto isVariable = [&](std::size_t i) { return context.input(i).tensor->isVariable && !context.input(i).tensor->isConstant(); };
    lstm.keepsState = isVariable(1) && isVariable(4);
    context.setOutputShape(0, before);
    context.setOutputShape(1, before);
    context.setOutputShape(2, {input[0], depth});
    context.setOutputShape(3, {input[0], 4 * units});
    return [lstm = std::move(lstm)](EvalContext &run) { lstm.eval(run); };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    if (context.options().integer("kernel_type") == kBasic)
        return prepareBasic(context);
    QL_TRY(const lstm::Geometry g, lstm::geometry(context, lstm::Form::OneStep));
    const DataType input = context.input(lstm::kInput).type();
    if (input != context.output().type() || context.input(lstm::kOutputState).type() != input)
        return fail(context.unsupported("an input, an output state and an output of one type", context.typesText()));
    if (input == DataType::Float32)
        return lstm::prepareFloat(context, g);
    constexpr std::size_t kIntermediates = 5; // the form with an int8 cell has 12
    if (input == DataType::Int8 && context.intermediates().size() == kIntermediates)
        return lstm::prepareInt8(context, g);
    return fail(context.unsupported("float32, or int8 with an int16 cell", context.typesText()));
}

} // namespace

extern const OperatorKernel lstm_kernel{"LSTM", prepare, kFloat32 | kInt8 | kHybrid, true};

} // namespace quantloupe
