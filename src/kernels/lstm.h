// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the LSTM operators share: where the tensors of UNIDIRECTIONAL_SEQUENCE_LSTM are, which the others follow, their
// shapes, the walk over time, and what observers are told. All sequences of all samples of a batch advance together, one
// matrix product per step.
#pragma once

#include "kernels/internals.h"
#include "kernels/kernel.h"
#include "kernels/scratch_layout.h"

#include <array>
#include <vector>

namespace quantloupe::lstm {

/// In the order of the operator's weights.
enum Gate : std::size_t { kInputGate, kForgetGate, kCellGate, kOutputGate, kGates };

/// Positions among the operator's inputs; those of gates are followed by the other gates'.
inline constexpr std::size_t kInput = 0;
inline constexpr std::size_t kInputWeights = 1;
inline constexpr std::size_t kRecurrentWeights = 5;
inline constexpr std::size_t kBias = 12;
inline constexpr std::size_t kProjectionWeights = 16;
inline constexpr std::size_t kProjectionBias = 17;
inline constexpr std::size_t kOutputState = 18;
inline constexpr std::size_t kCellState = 19;
inline constexpr std::size_t kLayerNorm = 20;
inline constexpr std::size_t kInputCount = 24;
/// Behind them one direction of BIDIRECTIONAL_SEQUENCE_LSTM may have a second input with weights of its own.
inline constexpr std::size_t kAuxiliaryInput = 24;
inline constexpr std::size_t kAuxiliaryWeights = 25;
inline constexpr std::size_t kDirectionInputCount = 29;
/// Peephole weights: input, forget, output gate. The cell gate has none.
inline constexpr std::size_t peephole(std::size_t gate) { return gate == kOutputGate ? 11 : 9 + gate; }

struct Geometry {
    bool isTimeMajor = false;
    bool isCoupled = false; ///< CIFG: no input gate of its own, it is 1 - forget gate
    bool hasPeephole = false;
    bool hasProjection = false;
    bool hasLayerNorm = false;
    std::size_t sequences = 0; ///< the operator's own batch axis
    std::size_t steps = 0;
    std::size_t features = 0;
    std::size_t auxiliaryFeatures = 0; ///< 0 without an auxiliary input
    std::size_t units = 0;
    std::size_t outputs = 0; ///< units, or what the projection makes of them

    std::size_t firstGate() const { return isCoupled ? kForgetGate : kInputGate; }
    /// Gates that have weights, side by side in the products: gate g is column block g - firstGate().
    std::size_t columns() const { return (kGates - firstGate()) * units; }
    std::size_t column(std::size_t gate) const { return (gate - firstGate()) * units; }
    /// Of a sequence's step in an operand whose rows are `width` long.
    std::size_t row(std::size_t sequence, std::size_t step, std::size_t width) const
    {
        return (isTimeMajor ? step * sequences + sequence : sequence * steps + step) * width;
    }
};

enum class Form {
    Sequence,
    OneStep,   ///< the input has no time axis
    Direction, ///< a sequence that may have an auxiliary input
};

/// Checks which inputs are there and every shape, and sets the output's.
Result<Geometry> geometry(PrepareContext &context, Form form);

/// Values of one sequence and step, each over the units (hidden over the outputs). A null pointer is left out.
template <typename T, typename Hidden> struct StepValues {
    std::array<const T *, kGates> sums{};
    std::array<const T *, kGates> gates{};
    const T *cell = nullptr;
    const T *cellActivation = nullptr;
    const Hidden *hidden = nullptr;
};

struct Scales {
    float sum = 1.0f;
    float gate = 1.0f;
    float cell = 1.0f;
    float hidden = 1.0f;
    std::int32_t hiddenZeroPoint = 0;
    std::int32_t cellClip = 0; ///< in codes
};

struct StepPlace {
    std::size_t sample = 0;
    std::size_t sequence = 0;
    std::size_t step = 0;
};

template <typename T, typename Hidden>
void tell(InternalsSink &sink, const Geometry &g, const Scales &scales, StepPlace place, const StepValues<T, Hidden> &values)
{
    std::array<InternalValues, kInternalQuantityCount> told;
    std::size_t count = 0;
    const auto add = [&](InternalQuantity quantity, const auto *data, std::size_t size, float scale, std::int32_t zeroPoint = 0,
                         std::int32_t clip = 0) {
        if (!data)
            return;
        InternalValues &entry = told[count++];
        entry = {.quantity = quantity, .scale = scale, .zeroPoint = zeroPoint, .clip = clip};
        if constexpr (std::is_same_v<decltype(data), const float *>)
            entry.real = {data, size};
        else if constexpr (std::is_same_v<decltype(data), const std::int8_t *>)
            entry.codes8 = {data, size};
        else
            entry.codes16 = {data, size};
    };
    for (std::size_t gate = 0; gate < kGates; ++gate) {
        add(static_cast<InternalQuantity>(static_cast<std::size_t>(InternalQuantity::InputGateSum) + gate), values.sums[gate], g.units, scales.sum);
        add(static_cast<InternalQuantity>(static_cast<std::size_t>(InternalQuantity::InputGate) + gate), values.gates[gate], g.units, scales.gate);
    }
    add(InternalQuantity::Cell, values.cell, g.units, scales.cell, 0, scales.cellClip);
    add(InternalQuantity::CellActivation, values.cellActivation, g.units, scales.gate);
    add(InternalQuantity::Hidden, values.hidden, g.outputs, scales.hidden, scales.hiddenZeroPoint);
    sink.step({place.sample, place.sequence, place.step, std::span(told).first(count)});
}

/// Both states of all sequences, contiguous: row r is sequence r % g.sequences of sample r / g.sequences.
template <typename Code, typename CellCode> struct States {
    Code *hidden;
    CellCode *cell;
};

/// Takes the states from the variables, calls advance(step, readRow) for every step, which leaves the new states there,
/// copies them to the output, and gives them back to the variables. `inputRow(r, step)` is where a row's features are.
template <typename Code, typename CellCode, typename Advance>
void walk(EvalContext &run, const Geometry &g, States<Code, CellCode> states, Advance &&advance)
{
    for (std::size_t sample = 0; sample < run.batch(); ++sample) {
        std::copy_n(run.state<Code>(kOutputState, sample), g.sequences * g.outputs, states.hidden + sample * g.sequences * g.outputs);
        std::copy_n(run.state<CellCode>(kCellState, sample), g.sequences * g.units, states.cell + sample * g.sequences * g.units);
    }
    const std::size_t rows = run.batch() * g.sequences;
    for (std::size_t step = 0; step < g.steps; ++step) {
        advance(step, [&](std::size_t r) { return run.input<Code>(kInput, r / g.sequences) + g.row(r % g.sequences, step, g.features); });
        for (std::size_t r = 0; r < rows; ++r)
            std::copy_n(states.hidden + r * g.outputs, g.outputs, run.output<Code>(0, r / g.sequences) + g.row(r % g.sequences, step, g.outputs));
    }
    for (std::size_t sample = 0; sample < run.batch(); ++sample) {
        std::copy_n(states.hidden + sample * g.sequences * g.outputs, g.sequences * g.outputs, run.state<Code>(kOutputState, sample));
        std::copy_n(states.cell + sample * g.sequences * g.units, g.sequences * g.units, run.state<CellCode>(kCellState, sample));
    }
}

/// float32, with float32 weights or int8 ones (hybrid).
Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g);
/// int8 with an int16 cell, as TFLite computes it.
Result<EvalFunction> prepareInt8(PrepareContext &context, const Geometry &g);
/// int8 or int16 with an int16 cell, as TFLite Micro computes it.
Result<EvalFunction> prepareByTables(PrepareContext &context, const Geometry &g);

} // namespace quantloupe::lstm
