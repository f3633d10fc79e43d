// SPDX-License-Identifier: GPL-3.0-or-later
//
// BIDIRECTIONAL_SEQUENCE_LSTM: one LSTM along time and one against it, side by side (merge_outputs) or as two outputs.
// Each is the sequence form on operands of its own; the backward one gets its inputs reversed in time. An auxiliary input
// with weights goes to both; without weights the backward one reads it instead of the input: stacked layers whose outputs
// are not merged. Semantics of tensorflow/lite/kernels/bidirectional_sequence_lstm.cc.
#include "kernels/lstm.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace quantloupe {
namespace {

constexpr std::size_t kOperands = 48;
constexpr std::size_t kAuxiliaryInput = 39;
constexpr std::size_t kAuxiliaryWeights = 40; ///< of four gates for each direction

/// Operands of the sequence form by position, as positions of this operator; kOperands: none.
using Places = std::array<std::size_t, lstm::kDirectionInputCount>;

/// `first` is where the direction's weights start, `state` where its states do, `auxiliary` its auxiliary weights.
Places placesOf(std::size_t input, std::size_t first, std::size_t state, std::size_t auxiliary)
{
    Places places;
    places.fill(kOperands);
    places[lstm::kInput] = input;
    for (std::size_t i = lstm::kInputWeights; i <= lstm::kProjectionBias; ++i)
        places[i] = first + i - lstm::kInputWeights;
    places[lstm::kOutputState] = state;
    places[lstm::kCellState] = state + 1;
    places[lstm::kAuxiliaryInput] = kAuxiliaryInput;
    for (std::size_t gate = 0; gate < lstm::kGates; ++gate)
        places[lstm::kAuxiliaryWeights + gate] = auxiliary + gate;
    return places;
}

/// One direction: the sequence form's function, and where its rows come from and go to.
struct Direction {
    Places places;
    bool isBackward = false;
    lstm::Geometry g;
    EvalFunction eval;
    ScratchPlace<float> input;     ///< reversed in time; unused along time
    ScratchPlace<float> auxiliary; ///< likewise
    ScratchPlace<float> hidden;    ///< [batch, the sequence form's output]
    ScratchPlace<std::byte> memory;

    std::size_t rowCount() const { return g.sequences * g.steps; }
    std::size_t step(std::size_t i) const { return isBackward ? g.steps - 1 - i : i; }
    Operand reversed(const EvalContext &context, std::size_t place, std::size_t width, float *to) const;
    void run(EvalContext &context, std::size_t output, std::size_t rowWidth, std::size_t firstColumn) const;
};

Result<Direction> makeDirection(PrepareContext &context, const Places &places, bool isBackward, ScratchLayout &layout)
{
    Direction direction{.places = places, .isBackward = isBackward, .g = {}, .eval = {}, .input = {}, .auxiliary = {}, .hidden = {}, .memory = {}};
    std::vector<OperandDesc> inputs;
    for (const std::size_t place : places)
        inputs.push_back(context.hasInput(place) ? context.input(place) : OperandDesc{});
    std::vector<OperandDesc> outputs{context.output()};
    PrepareContext own(context.op(), inputs, outputs, {}, context.profile(), context.maxBatch());
    QL_TRY(direction.g, lstm::geometry(own, lstm::Form::Direction));
    QL_TRY(direction.eval, lstm::prepareFloat(own, direction.g));
    const std::size_t rows = context.maxBatch() * direction.rowCount();
    if (isBackward) {
        direction.input = layout.add<float>(rows * direction.g.features);
        direction.auxiliary = layout.add<float>(rows * direction.g.auxiliaryFeatures);
    }
    direction.hidden = layout.add<float>(rows * direction.g.outputs);
    direction.memory = layout.add<std::byte>(own.scratchBytes);
    return direction;
}

Operand Direction::reversed(const EvalContext &context, std::size_t place, std::size_t width, float *to) const
{
    for (std::size_t sample = 0; sample < context.batch(); ++sample)
        for (std::size_t sequence = 0; sequence < g.sequences; ++sequence)
            for (std::size_t i = 0; i < g.steps; ++i)
                std::copy_n(context.input<float>(place, sample) + g.row(sequence, step(i), width), width, to + sample * rowCount() * width + g.row(sequence, i, width));
    return {reinterpret_cast<std::byte *>(to), rowCount() * width * sizeof(float)};
}

void Direction::run(EvalContext &context, std::size_t output, std::size_t rowWidth, std::size_t firstColumn) const
{
    std::byte *const scratch = context.scratch();
    std::array<Operand, lstm::kDirectionInputCount> inputs{};
    for (std::size_t i = 0; i < inputs.size(); ++i)
        if (context.hasInput(places[i]))
            inputs[i] = context.inputOperand(places[i]);
    if (isBackward) {
        inputs[lstm::kInput] = reversed(context, places[lstm::kInput], g.features, input.in(scratch));
        if (g.auxiliaryFeatures > 0)
            inputs[lstm::kAuxiliaryInput] = reversed(context, kAuxiliaryInput, g.auxiliaryFeatures, auxiliary.in(scratch));
    }
    float *const rows = hidden.in(scratch);
    const Operand result{reinterpret_cast<std::byte *>(rows), rowCount() * g.outputs * sizeof(float)};
    EvalContext own(context.batch(), inputs, std::span(&result, 1), memory.in(scratch));
    own.internals = context.internals;
    eval(own);
    for (std::size_t sample = 0; sample < context.batch(); ++sample)
        for (std::size_t sequence = 0; sequence < g.sequences; ++sequence)
            for (std::size_t i = 0; i < g.steps; ++i)
                std::copy_n(rows + sample * rowCount() * g.outputs + g.row(sequence, i, g.outputs), g.outputs,
                            context.output<float>(output, sample) + g.row(sequence, step(i), rowWidth) + firstColumn);
}

/// Auxiliary weights are there for all gates but a coupled input gate's, of both directions, or not at all.
Result<bool> hasAuxiliaryWeights(const PrepareContext &context)
{
    std::size_t present = 0;
    for (std::size_t i = kAuxiliaryWeights; i < kOperands; ++i)
        present += i % lstm::kGates != kAuxiliaryWeights % lstm::kGates && context.hasInput(i);
    constexpr std::size_t kAll = 2 * (lstm::kGates - 1);
    if (present != 0 && present != kAll)
        return fail(context.invalid("auxiliary weights for all gates of both directions or for none", fmt::format("{} of {}", present, kAll)));
    return present != 0;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    const bool isMerged = context.options().boolean("merge_outputs");
    QL_CHECK(context.requireOperands(1, kOperands, isMerged ? 1 : 2));
    if (context.input(0).type() != DataType::Float32 || context.output().type() != DataType::Float32)
        return fail(context.unsupported("float32 activations", context.typesText()));
    if (context.hasInput(kAuxiliaryInput) && context.input(kAuxiliaryInput).type() != DataType::Float32)
        return fail(context.typeError(kAuxiliaryInput, "float32"));
    QL_TRY(const bool isCrossed, hasAuxiliaryWeights(context));
    const std::size_t backwardInput = context.hasInput(kAuxiliaryInput) && !isCrossed ? kAuxiliaryInput : 0;
    ScratchLayout layout;
    QL_TRY(auto along, makeDirection(context, placesOf(0, 1, 35, kAuxiliaryWeights), false, layout));
    QL_TRY(auto against, makeDirection(context, placesOf(backwardInput, 18, 37, kAuxiliaryWeights + lstm::kGates), true, layout));
    const Shape &input = context.input(0).shape;
    if (along.g.steps != against.g.steps || along.g.sequences != against.g.sequences)
        return fail(context.invalid("an auxiliary input with the input's batch and time", context.input(backwardInput).shape.text()));
    context.scratchBytes = layout.size();
    const auto shape = [&](std::size_t width) { return Shape{input[0], input[1], static_cast<std::int32_t>(width)}; };
    context.setOutputShape(0, shape(isMerged ? along.g.outputs + against.g.outputs : along.g.outputs));
    if (!isMerged)
        context.setOutputShape(1, shape(against.g.outputs));
    return [along = std::move(along), against = std::move(against), isMerged](EvalContext &run) {
        const std::size_t width = along.g.outputs + against.g.outputs;
        along.run(run, 0, isMerged ? width : along.g.outputs, 0);
        InternalsSink *const sink = std::exchange(run.internals, nullptr); // one direction's steps: they would fall on those of the other
        against.run(run, isMerged ? 0 : 1, isMerged ? width : against.g.outputs, isMerged ? along.g.outputs : 0);
        run.internals = sink;
    };
}

} // namespace

extern const OperatorKernel bidirectional_sequence_lstm_kernel{"BIDIRECTIONAL_SEQUENCE_LSTM", prepare, kFloat32 | kHybrid, true};

} // namespace quantloupe
