// SPDX-License-Identifier: GPL-3.0-or-later
//
// The frame of the integer LSTM, which TFLite and TFLite Micro have in common: products of int8 weights with centred
// codes, gates as int16 (Q3.12 before activation, Q0.15 after), an int16 cell. What differs between the two is in the
// `Rules` that each brings.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/gemm.h"
#include "kernels/lstm.h"
#include "kernels/requantize.h"

namespace quantloupe::lstm {

inline std::int16_t saturate16(std::int32_t x)
{
    return fixed_point::saturate<std::int16_t>(x);
}

/// One row's values of one step; gates are blocks of `units` in the order of Gate.
struct IntegerRow {
    std::int16_t *gates;          ///< after activation, all four
    std::int16_t *cell;
    std::int16_t *cellActivation; ///< tanh(cell)
};

/// Code is the type of input and hidden state, Sum that of accumulators. Rules has:
///   finishSum(gate, sequence, sums, cellRow)   peepholes and layer normalisation
///   sigmoid(in, out, units), tanh(in, out, units)
///   updateCell(row), activateCell(row)
///   makeHidden(outputGate, cellActivation, hidden, memory)
///   recurrentTerm(x)                     what of the recurrent product is added to the input's
template <typename Code, typename Sum, typename Rules> struct IntegerLstm {
    Geometry g;
    std::vector<std::int16_t> inputWeights;     ///< [columns, features]
    std::vector<std::int16_t> recurrentWeights; ///< [columns, outputs]
    std::vector<Sum> bias;                      ///< [columns], added to the input's product
    std::array<fixed_point::Multiplier, kGates> inputMultipliers;
    std::array<fixed_point::Multiplier, kGates> recurrentMultipliers;
    std::int32_t inputZeroPoint = 0;
    std::int32_t stateZeroPoint = 0;
    Scales scales;
    Rules rules;

    ScratchPlace<Code> hidden;
    ScratchPlace<std::int16_t> cell;
    ScratchPlace<std::int16_t> centered;
    ScratchPlace<Sum> fromInput;
    ScratchPlace<Sum> fromRecurrence;
    ScratchPlace<std::int16_t> sums;  ///< [rows, columns]
    ScratchPlace<std::int16_t> gates; ///< [rows, 4 units]
    ScratchPlace<std::int16_t> cellActivations;

    Result<void> loadWeights(PrepareContext &context);
    ScratchLayout layOut(const PrepareContext &context);
    void eval(EvalContext &run) const;

private:
    void products(std::size_t rows, std::byte *memory, auto inputRow) const;
    void gateSum(std::size_t gate, std::size_t r, std::byte *memory) const;
    void gateRow(std::size_t r, std::byte *memory) const;
    void tellStep(EvalContext &run, std::size_t step, std::byte *memory) const;
};

template <typename Code, typename Sum, typename Rules> Result<void> IntegerLstm<Code, Sum, Rules>::loadWeights(PrepareContext &context)
{
    for (std::size_t gate = g.firstGate(); gate < kGates; ++gate) {
        for (const std::size_t first : {kInputWeights, kRecurrentWeights}) {
            if (context.input(first + gate).type() != DataType::Int8)
                return fail(context.typeError(first + gate, "int8"));
            QL_TRY(const auto codes, context.values<std::int8_t>(first + gate));
            auto &weights = first == kInputWeights ? inputWeights : recurrentWeights;
            weights.insert(weights.end(), codes.begin(), codes.end());
        }
    }
    inputZeroPoint = context.input(kInput).zeroPoint();
    stateZeroPoint = context.input(kOutputState).zeroPoint();
    return {};
}

template <typename Code, typename Sum, typename Rules> ScratchLayout IntegerLstm<Code, Sum, Rules>::layOut(const PrepareContext &context)
{
    const std::size_t rows = context.maxBatch() * g.sequences;
    ScratchLayout layout;
    hidden = layout.add<Code>(rows * g.outputs);
    cell = layout.add<std::int16_t>(rows * g.units);
    centered = layout.add<std::int16_t>(rows * std::max(g.features, g.outputs));
    fromInput = layout.add<Sum>(rows * g.columns());
    fromRecurrence = layout.add<Sum>(rows * g.columns());
    sums = layout.add<std::int16_t>(rows * g.columns());
    gates = layout.add<std::int16_t>(rows * kGates * g.units);
    cellActivations = layout.add<std::int16_t>(rows * g.units);
    return layout;
}

template <typename Code, typename Sum, typename Rules>
void IntegerLstm<Code, Sum, Rules>::products(std::size_t rows, std::byte *memory, auto inputRow) const
{
    std::int16_t *const codes = centered.in(memory);
    for (std::size_t r = 0; r < rows; ++r) {
        const Code *const in = inputRow(r);
        for (std::size_t k = 0; k < g.features; ++k)
            codes[r * g.features + k] = static_cast<std::int16_t>(in[k] - inputZeroPoint);
    }
    gemm::multiply(codes, rows, inputWeights.data(), g.columns(), g.features, fromInput.in(memory));
    const Code *const state = hidden.in(memory);
    for (std::size_t i = 0; i < rows * g.outputs; ++i)
        codes[i] = static_cast<std::int16_t>(state[i] - stateZeroPoint);
    gemm::multiply(codes, rows, recurrentWeights.data(), g.columns(), g.outputs, fromRecurrence.in(memory));
}

template <typename Code, typename Sum, typename Rules>
void IntegerLstm<Code, Sum, Rules>::gateSum(std::size_t gate, std::size_t r, std::byte *memory) const
{
    const std::size_t at = r * g.columns() + g.column(gate);
    const Sum *const x = fromInput.in(memory) + at;
    const Sum *const h = fromRecurrence.in(memory) + at;
    const Sum *const b = bias.data() + g.column(gate);
    std::int16_t *const out = sums.in(memory) + at;
    for (std::size_t u = 0; u < g.units; ++u) {
        const Sum biased = static_cast<Sum>(static_cast<std::uint64_t>(x[u]) + static_cast<std::uint64_t>(b[u])); // wraps
        const std::int16_t input = saturate16(fixed_point::multiply(biased, inputMultipliers[gate]));
        const std::int64_t recurrent = rules.recurrentTerm(fixed_point::multiply(h[u], recurrentMultipliers[gate]));
        out[u] = fixed_point::saturate<std::int16_t>(input + recurrent);
    }
    rules.finishSum(gate, r % g.sequences, out, cell.in(memory) + r * g.units);
}

template <typename Code, typename Sum, typename Rules> void IntegerLstm<Code, Sum, Rules>::gateRow(std::size_t r, std::byte *memory) const
{
    const IntegerRow row{gates.in(memory) + r * kGates * g.units, cell.in(memory) + r * g.units, cellActivations.in(memory) + r * g.units};
    const std::int16_t *const before = sums.in(memory) + r * g.columns();
    const auto sigmoid = [&](std::size_t gate) { rules.sigmoid(before + g.column(gate), row.gates + gate * g.units, g.units); };
    for (std::size_t gate = g.firstGate(); gate < kOutputGate; ++gate)
        gateSum(gate, r, memory);
    sigmoid(kForgetGate);
    if (g.isCoupled)
        for (std::size_t u = 0; u < g.units; ++u)
            row.gates[kInputGate * g.units + u] = static_cast<std::int16_t>(32767 - row.gates[kForgetGate * g.units + u]);
    else
        sigmoid(kInputGate);
    rules.tanh(before + g.column(kCellGate), row.gates + kCellGate * g.units, g.units);
    rules.updateCell(row, g.units);
    gateSum(kOutputGate, r, memory); // after the update: its peephole sees the new cell
    sigmoid(kOutputGate);
    rules.activateCell(row, g.units);
}

template <typename Code, typename Sum, typename Rules>
void IntegerLstm<Code, Sum, Rules>::tellStep(EvalContext &run, std::size_t step, std::byte *memory) const
{
    for (std::size_t r = 0; r < run.batch() * g.sequences; ++r) {
        StepValues<std::int16_t, Code> values;
        for (std::size_t gate = 0; gate < kGates; ++gate) {
            if (gate >= g.firstGate())
                values.sums[gate] = sums.in(memory) + r * g.columns() + g.column(gate);
            values.gates[gate] = gates.in(memory) + (r * kGates + gate) * g.units;
        }
        values.cell = cell.in(memory) + r * g.units;
        values.cellActivation = cellActivations.in(memory) + r * g.units;
        values.hidden = hidden.in(memory) + r * g.outputs;
        tell(*run.internals, g, scales, {r / g.sequences, r % g.sequences, step}, values);
    }
}

template <typename Code, typename Sum, typename Rules> void IntegerLstm<Code, Sum, Rules>::eval(EvalContext &run) const
{
    std::byte *const memory = run.scratch();
    const std::size_t rows = run.batch() * g.sequences;
    walk(run, g, States<Code, std::int16_t>{hidden.in(memory), cell.in(memory)}, [&](std::size_t step, auto inputRow) {
        products(rows, memory, inputRow);
        for (std::size_t r = 0; r < rows; ++r)
            gateRow(r, memory);
        for (std::size_t r = 0; r < rows; ++r)
            rules.makeHidden(gates.in(memory) + (r * kGates + kOutputGate) * g.units, cellActivations.in(memory) + r * g.units,
                             hidden.in(memory) + r * g.outputs, memory);
        if (run.internals)
            tellStep(run, step, memory);
    });
}

/// log2 of the cell's scale. Fails where it is no power of two, or one no shift reaches.
Result<int> cellExponent(const PrepareContext &context);
/// The option cell_clip in codes of the cell, 0 for none.
std::int16_t cellClipCode(const PrepareContext &context);
inline void clipCell(std::int16_t *cell, std::size_t units, std::int16_t limit)
{
    if (limit > 0)
        for (std::size_t u = 0; u < units; ++u)
            cell[u] = std::clamp(cell[u], static_cast<std::int16_t>(-limit), limit);
}

} // namespace quantloupe::lstm
