// SPDX-License-Identifier: GPL-3.0-or-later
//
// The LSTM in float, and its hybrid form: int8 weights that meet float rows quantized on the spot.
#include "kernels/lstm.h"
#include "kernels/row_product.h"
#include "kernels/simd/gates.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe::lstm {
namespace {

enum class CellActivation { None = 0, Relu = 1, Relu6 = 3, Tanh = 4 };

void activate(CellActivation activation, const float *in, std::size_t count, float *out)
{
    switch (activation) {
    case CellActivation::None: std::copy_n(in, count, out); return;
    case CellActivation::Relu: std::transform(in, in + count, out, [](float x) { return std::max(x, 0.0f); }); return;
    case CellActivation::Relu6: std::transform(in, in + count, out, [](float x) { return std::min(std::max(x, 0.0f), 6.0f); }); return;
    case CellActivation::Tanh: simd::tanh(in, count, out); return;
    }
}

Result<CellActivation> fusedCellActivation(const PrepareContext &context)
{
    const auto value = context.options().integer("fused_activation_function");
    if (value == 0 || value == 1 || value == 3 || value == 4)
        return static_cast<CellActivation>(value);
    return fail(context.unsupported("the activation none, RELU, RELU6 or TANH", fmt::format("{}", value)));
}

/// Per-unit parameters of the gates; empty where the operator has none.
struct GateParameters {
    std::vector<float> bias;
    std::vector<float> peephole;
    std::vector<float> layerNorm;
};

Result<std::vector<float>> unitValues(const PrepareContext &context, std::size_t input)
{
    std::vector<float> result;
    if (context.input(input).type() == DataType::Int8) { // hybrid peephole weights
        QL_TRY(const auto codes, context.values<std::int8_t>(input));
        for (const std::int8_t code : codes)
            result.push_back(context.input(input).scale() * static_cast<float>(code));
        return result;
    }
    QL_TRY(const auto values, context.values<float>(input));
    result.assign(values.begin(), values.end());
    return result;
}

/// Mean 0 and variance 1 over the units of one row.
void normalize(float *row, std::size_t units)
{
    float sum = 0.0f;
    for (std::size_t u = 0; u < units; ++u)
        sum += row[u];
    const float mean = sum / static_cast<float>(units);
    float squares = 0.0f;
    for (std::size_t u = 0; u < units; ++u)
        squares += (row[u] - mean) * (row[u] - mean);
    constexpr float kGuard = 1e-8f; // of rows that are constant
    const float inverse = 1.0f / std::sqrt(squares / static_cast<float>(units) + kGuard);
    for (std::size_t u = 0; u < units; ++u)
        row[u] = (row[u] - mean) * inverse;
}

/// NaN passes, as through the reference's min and max.
void clip(float *values, std::size_t count, float limit)
{
    for (std::size_t i = 0; i < count; ++i)
        values[i] = std::max(std::min(limit, values[i]), -limit);
}

struct FloatLstm {
    Geometry g;
    RowProduct inputProduct;
    RowProduct recurrentProduct;
    std::optional<RowProduct> auxiliaryProduct;
    std::optional<RowProduct> projection;
    std::vector<float> projectionBias;
    std::array<GateParameters, kGates> gates;
    CellActivation candidateActivation = CellActivation::Tanh;
    CellActivation cellActivation = CellActivation::Tanh;
    float cellClip = 0.0f;
    float projectionClip = 0.0f;

    ScratchPlace<float> hidden;
    ScratchPlace<float> cell;
    ScratchPlace<float> features;      ///< of the input, then of the auxiliary one
    ScratchPlace<float> fromInput;     ///< products, then the gates before activation
    ScratchPlace<float> fromRecurrence;
    ScratchPlace<float> fromAuxiliary;
    ScratchPlace<float> activations;   ///< [rows, 4 units]: the input gate has its block even when it is coupled
    ScratchPlace<float> cellActivations;
    ScratchPlace<float> gated;         ///< output gate x activated cell
    RowProduct::Scratch hybridScratch;

    void layOut(PrepareContext &context);
    void eval(EvalContext &run) const;
    void addAuxiliary(EvalContext &run, std::size_t step, std::byte *memory) const;
    /// The gate's value before activation of one row, left in `sums`.
    void finishSum(std::size_t gate, float *sums, const float *recurrent, const float *cellRow) const;
    void gateRow(std::size_t r, std::byte *memory) const;
    void project(std::size_t rows, std::byte *memory) const;
    void tellStep(EvalContext &run, std::size_t step, std::byte *memory) const;
};

void FloatLstm::layOut(PrepareContext &context)
{
    const std::size_t rows = context.maxBatch() * g.sequences;
    ScratchLayout layout;
    hidden = layout.add<float>(rows * g.outputs);
    cell = layout.add<float>(rows * g.units);
    features = layout.add<float>(rows * std::max(g.features, g.auxiliaryFeatures));
    fromInput = layout.add<float>(rows * g.columns());
    fromRecurrence = layout.add<float>(rows * g.columns());
    fromAuxiliary = layout.add<float>(auxiliaryProduct ? rows * g.columns() : 0);
    activations = layout.add<float>(rows * kGates * g.units);
    cellActivations = layout.add<float>(rows * g.units);
    gated = layout.add<float>(rows * g.units);
    hybridScratch = RowProduct::scratch(layout, std::max({g.features, g.auxiliaryFeatures, g.outputs, g.units}), std::max(g.columns(), g.outputs));
    context.scratchBytes = layout.size();
}

void FloatLstm::finishSum(std::size_t gate, float *sums, const float *recurrent, const float *cellRow) const
{
    const GateParameters &parameters = gates[gate];
    // The reference starts from the bias, or from 0 when it normalises, and adds the products one after the other.
    if (g.hasLayerNorm) {
        for (std::size_t u = 0; u < g.units; ++u)
            sums[u] += recurrent[u];
    } else {
        for (std::size_t u = 0; u < g.units; ++u)
            sums[u] = parameters.bias[u] + sums[u] + recurrent[u];
    }
    if (!parameters.peephole.empty())
        for (std::size_t u = 0; u < g.units; ++u)
            sums[u] += parameters.peephole[u] * cellRow[u];
    if (g.hasLayerNorm) {
        normalize(sums, g.units);
        for (std::size_t u = 0; u < g.units; ++u)
            sums[u] = sums[u] * parameters.layerNorm[u] + parameters.bias[u];
    }
}

void FloatLstm::gateRow(std::size_t r, std::byte *memory) const
{
    float *const cellRow = cell.in(memory) + r * g.units;
    float *const sums = fromInput.in(memory) + r * g.columns();
    const float *const recurrent = fromRecurrence.in(memory) + r * g.columns();
    float *const activation4 = activations.in(memory) + r * kGates * g.units;
    const auto finish = [&](std::size_t gate) { finishSum(gate, sums + g.column(gate), recurrent + g.column(gate), cellRow); };
    const auto applySigmoid = [&](std::size_t gate) { simd::logistic(sums + g.column(gate), g.units, activation4 + gate * g.units); };
    float *const input = activation4 + kInputGate * g.units;
    float *const forget = activation4 + kForgetGate * g.units;
    float *const candidate = activation4 + kCellGate * g.units;
    float *const output = activation4 + kOutputGate * g.units;

    for (std::size_t gate = g.firstGate(); gate < kOutputGate; ++gate)
        finish(gate);
    applySigmoid(kForgetGate);
    if (g.isCoupled)
        for (std::size_t u = 0; u < g.units; ++u)
            input[u] = 1.0f - forget[u];
    else
        applySigmoid(kInputGate);
    activate(candidateActivation, sums + g.column(kCellGate), g.units, candidate);
    for (std::size_t u = 0; u < g.units; ++u)
        cellRow[u] = forget[u] * cellRow[u] + input[u] * candidate[u];
    if (cellClip > 0.0f)
        clip(cellRow, g.units, cellClip);

    finish(kOutputGate); // after the update: its peephole sees the new cell
    applySigmoid(kOutputGate);
    float *const activatedCell = cellActivations.in(memory) + r * g.units;
    float *const gatedRow = gated.in(memory) + r * g.units;
    activate(cellActivation, cellRow, g.units, activatedCell);
    for (std::size_t u = 0; u < g.units; ++u)
        gatedRow[u] = output[u] * activatedCell[u];
}

void FloatLstm::project(std::size_t rows, std::byte *memory) const
{
    float *const out = hidden.in(memory);
    if (!projection) {
        std::copy_n(gated.in(memory), rows * g.units, out);
        return;
    }
    (*projection)(gated.in(memory), rows, out, hybridScratch, memory);
    if (!projectionBias.empty())
        for (std::size_t i = 0; i < rows * g.outputs; ++i)
            out[i] = projectionBias[i % g.outputs] + out[i];
    if (projectionClip > 0.0f)
        clip(out, rows * g.outputs, projectionClip);
}

void FloatLstm::tellStep(EvalContext &run, std::size_t step, std::byte *memory) const
{
    for (std::size_t r = 0; r < run.batch() * g.sequences; ++r) {
        StepValues<float, float> values;
        for (std::size_t gate = 0; gate < kGates; ++gate) {
            if (gate >= g.firstGate())
                values.sums[gate] = fromInput.in(memory) + r * g.columns() + g.column(gate);
            values.gates[gate] = activations.in(memory) + (r * kGates + gate) * g.units;
        }
        values.cell = cell.in(memory) + r * g.units;
        values.cellActivation = cellActivations.in(memory) + r * g.units;
        values.hidden = hidden.in(memory) + r * g.outputs;
        tell(*run.internals, g, {}, {r / g.sequences, r % g.sequences, step}, values);
    }
}

void FloatLstm::addAuxiliary(EvalContext &run, std::size_t step, std::byte *memory) const
{
    const std::size_t rows = run.batch() * g.sequences;
    float *const x = features.in(memory);
    for (std::size_t r = 0; r < rows; ++r)
        std::copy_n(run.input<float>(kAuxiliaryInput, r / g.sequences) + g.row(r % g.sequences, step, g.auxiliaryFeatures), g.auxiliaryFeatures,
                    x + r * g.auxiliaryFeatures);
    float *const products = fromAuxiliary.in(memory);
    (*auxiliaryProduct)(x, rows, products, hybridScratch, memory);
    float *const sums = fromInput.in(memory);
    for (std::size_t i = 0; i < rows * g.columns(); ++i)
        sums[i] += products[i];
}

void FloatLstm::eval(EvalContext &run) const
{
    std::byte *const memory = run.scratch();
    const std::size_t rows = run.batch() * g.sequences;
    walk(run, g, States<float, float>{hidden.in(memory), cell.in(memory)}, [&](std::size_t step, auto inputRow) {
        float *const x = features.in(memory);
        for (std::size_t r = 0; r < rows; ++r)
            std::copy_n(inputRow(r), g.features, x + r * g.features);
        inputProduct(x, rows, fromInput.in(memory), hybridScratch, memory);
        if (auxiliaryProduct)
            addAuxiliary(run, step, memory);
        recurrentProduct(hidden.in(memory), rows, fromRecurrence.in(memory), hybridScratch, memory);
        for (std::size_t r = 0; r < rows; ++r)
            gateRow(r, memory);
        project(rows, memory);
        if (run.internals)
            tellStep(run, step, memory);
    });
}

Result<RowProduct> gateProduct(const PrepareContext &context, const Geometry &g, std::size_t first)
{
    std::vector<std::size_t> inputs;
    for (std::size_t gate = g.firstGate(); gate < kGates; ++gate)
        inputs.push_back(first + gate);
    return RowProduct::make(context, inputs);
}

} // namespace

Result<EvalFunction> prepareFloat(PrepareContext &context, const Geometry &g)
{
    const DataType weights = context.input(kInputWeights + kOutputGate).type();
    if ((weights != DataType::Float32 && weights != DataType::Int8) || context.input(kCellState).type() != DataType::Float32)
        return fail(context.unsupported("float32 or int8 weights and a float32 cell", context.typesText()));
    FloatLstm lstm;
    lstm.g = g;
    QL_TRY(lstm.inputProduct, gateProduct(context, g, kInputWeights));
    QL_TRY(lstm.recurrentProduct, gateProduct(context, g, kRecurrentWeights));
    if (g.auxiliaryFeatures > 0) {
        QL_TRY(lstm.auxiliaryProduct, gateProduct(context, g, kAuxiliaryWeights));
    }
    for (std::size_t gate = g.firstGate(); gate < kGates; ++gate) {
        QL_TRY(lstm.gates[gate].bias, unitValues(context, kBias + gate));
        if (g.hasPeephole && gate != kCellGate) {
            QL_TRY(lstm.gates[gate].peephole, unitValues(context, peephole(gate)));
        }
        if (g.hasLayerNorm) {
            QL_TRY(lstm.gates[gate].layerNorm, unitValues(context, kLayerNorm + gate));
        }
    }
    if (g.hasProjection) {
        QL_TRY(lstm.projection, RowProduct::make(context, std::array{kProjectionWeights}));
        if (context.hasInput(kProjectionBias)) {
            QL_TRY(lstm.projectionBias, unitValues(context, kProjectionBias));
        }
    }
    QL_TRY(const CellActivation activation, fusedCellActivation(context));
    lstm.candidateActivation = lstm.cellActivation = activation;
    if (context.traits().lstmKnowsTanhOnly) {
        lstm.cellActivation = CellActivation::Tanh;
        if (activation != CellActivation::Tanh)
            lstm.candidateActivation = CellActivation::None;
    }
    lstm.cellClip = static_cast<float>(context.options().real("cell_clip"));
    lstm.projectionClip = static_cast<float>(context.options().real("proj_clip"));
    lstm.layOut(context);
    return [lstm = std::move(lstm)](EvalContext &run) { lstm.eval(run); };
}

} // namespace quantloupe::lstm
