// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/twin_run.h"

#include "debugger/input_quantization.h"

#include <algorithm>
#include <cstring>

namespace quantloupe {
namespace {

std::size_t elementsOf(const PreparedModel &model, TensorIndex tensor)
{
    return static_cast<std::size_t>(model.tensor(tensor).shape.elementCount());
}

template <typename Code> void toReal(const QuantParams &quant, const std::byte *codes, std::span<float> out)
{
    const auto *const in = reinterpret_cast<const Code *>(codes);
    const auto scale = static_cast<double>(quant.scale());
    const auto zeroPoint = static_cast<std::int32_t>(quant.zeroPoint());
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(scale * (in[i] - zeroPoint)); // as DEQUANTIZE: the product in double
}

std::span<const float> floatsOf(const Operand &operand, std::size_t sample, std::size_t elements)
{
    return {reinterpret_cast<const float *>(operand.data + sample * operand.stride), elements};
}

} // namespace

TwinRun::TwinRun(std::shared_ptr<const RowPlan> plan, const Dataset &dataset, StatePolicy state, std::span<const std::size_t> rows)
    : m_plan(std::move(plan)), m_dataset(dataset), m_state(state), m_quantized(m_plan->quantized), m_floats(m_plan->floats), m_scratch(m_plan->floats->scratchBytes())
{
    planRawInputs();
    for (const std::size_t row : rows) {
        const PlannedRow &planned = m_plan->rows[row];
        m_rowsOf[planned.op].push_back(row);
        if (planned.hasLocal && !m_twins.contains(planned.op))
            planTwin(planned.op);
        // A shape known only while running leaves nothing to compare with, only codes to count.
        if (hasRealValues(*m_plan->quantized, planned.tensor) && !m_reals.contains(planned.tensor))
            m_reals[planned.tensor] = {allocate(planned.elements * sizeof(float) * maxBatch()), planned.elements * sizeof(float)};
    }
}

std::byte *TwinRun::allocate(std::size_t bytes)
{
    m_storage.emplace_back(bytes);
    return m_storage.back().data();
}

/// An operator that reads a model input gets the dataset's own floats, as in QuantizationDebugger; so does one that reads
/// the QUANTIZE right behind it.
void TwinRun::planRawInputs()
{
    const Subgraph &graph = m_plan->quantized->graph();
    for (const TensorIndex input : graph.inputs) {
        const std::size_t bytes = elementsOf(*m_plan->quantized, input) * sizeof(float);
        m_rawInputs.push_back({allocate(bytes * maxBatch()), bytes});
        m_raw[input] = m_rawInputs.back();
    }
    for (const Operator &op : graph.operators)
        if (op.name == "QUANTIZE" && m_raw.contains(op.inputs.front()) && graph.tensor(op.inputs.front()).type == DataType::Float32)
            m_raw[op.outputs.front()] = m_raw[op.inputs.front()];
}

Operand TwinRun::realOperand(TensorIndex tensor, Twin &twin)
{
    if (const auto raw = m_raw.find(tensor); raw != m_raw.end())
        return raw->second;
    if (!m_reals.contains(tensor)) {
        const std::size_t bytes = elementsOf(*m_plan->quantized, tensor) * sizeof(float);
        m_reals[tensor] = {allocate(bytes * maxBatch()), bytes};
    }
    twin.dequantized.push_back(tensor);
    return m_reals[tensor];
}

Operand TwinRun::state(TensorIndex tensor)
{
    if (!m_twinStates.contains(tensor)) {
        const std::size_t bytes = elementsOf(*m_plan->floats, tensor) * elementSize(m_plan->floats->graph().tensor(tensor).type);
        m_twinStates[tensor] = {allocate(bytes * maxBatch()), bytes};
        std::memset(m_twinStates[tensor].data, 0, bytes * maxBatch()); // float state starts at 0
    }
    return m_twinStates[tensor];
}

void TwinRun::planTwin(OperatorIndex op)
{
    using Source = TwinInput::Source;
    Twin twin;
    for (const TwinInput &input : m_plan->twins[op.position()].inputs) {
        switch (input.source) {
        case Source::None: twin.inputs.push_back({}); break;
        case Source::Constant: twin.inputs.push_back(m_floats.operand(input.tensor)); break;
        case Source::State: twin.inputs.push_back(state(input.tensor)); break;
        case Source::Real: twin.inputs.push_back(realOperand(input.tensor, twin)); break;
        case Source::Same: twin.inputs.push_back(m_quantized.operand(input.tensor)); break;
        }
    }
    const Subgraph &floats = m_plan->floats->graph();
    for (const TensorIndex output : floats.op(m_plan->twins[op.position()].floatOperator).outputs) {
        const std::size_t bytes = elementsOf(*m_plan->floats, output) * elementSize(floats.tensor(output).type);
        twin.outputs.push_back({allocate(bytes * maxBatch()), bytes});
    }
    m_twins.emplace(op, std::move(twin));
}

std::span<const float> TwinRun::rawInput(std::size_t input, std::size_t sample) const
{
    return floatsOf(m_rawInputs[input], sample, m_rawInputs[input].stride / sizeof(float));
}

Result<void> TwinRun::readInputs(std::size_t first, std::size_t count)
{
    const Subgraph &quantized = m_plan->quantized->graph();
    const Subgraph &floats = m_plan->floats->graph();
    for (std::size_t input = 0; input < quantized.inputs.size(); ++input) {
        for (std::size_t sample = 0; sample < count; ++sample) {
            const Operand &raw = m_rawInputs[input];
            const std::span<float> values(reinterpret_cast<float *>(raw.data + sample * raw.stride), raw.stride / sizeof(float));
            QL_CHECK(m_dataset.read(first + sample, input, values));
            QL_CHECK(quantizeInput(quantized.tensor(quantized.inputs[input]), values, m_quantized.input(input, sample)));
            QL_CHECK(quantizeInput(floats.tensor(floats.inputs[input]), values, m_floats.input(input, sample)));
        }
    }
    return {};
}

Result<void> TwinRun::run(std::size_t first, std::size_t count, const RowSink &sink)
{
    QL_CHECK(readInputs(first, count));
    if (m_state == StatePolicy::Reset) {
        m_quantized.resetState();
        m_floats.resetState();
        for (const auto &[tensor, operand] : m_twinStates)
            std::memset(operand.data, 0, operand.stride * maxBatch());
    }
    m_first = first;
    m_sink = &sink;
    m_error.reset();
    QL_CHECK(m_floats.invoke(count));
    QL_CHECK(m_quantized.invoke(count, this));
    if (m_error)
        return fail(*m_error);
    return {};
}

void TwinRun::dequantize(TensorIndex tensor, const Operand &real, std::size_t batch)
{
    const Tensor &described = m_plan->quantized->graph().tensor(tensor);
    const Operand codes = m_quantized.operand(tensor);
    for (std::size_t sample = 0; codes.data && sample < batch; ++sample) {
        const std::span<float> out(reinterpret_cast<float *>(real.data + sample * real.stride), real.stride / sizeof(float));
        const std::byte *const in = codes.data + sample * codes.stride;
        switch (described.type) {
        case DataType::Int8: toReal<std::int8_t>(described.quant, in, out); break;
        case DataType::UInt8: toReal<std::uint8_t>(described.quant, in, out); break;
        case DataType::Int16: toReal<std::int16_t>(described.quant, in, out); break;
        default: break;
        }
    }
}

void TwinRun::runTwin(OperatorIndex op, Twin &twin, std::size_t batch)
{
    for (const TensorIndex tensor : twin.dequantized)
        dequantize(tensor, m_reals[tensor], batch);
    EvalContext context(batch, twin.inputs, twin.outputs, m_scratch.data());
    const OperatorIndex floatOperator = m_plan->twins[op.position()].floatOperator;
    m_plan->floats->op(floatOperator).eval(context);
    if (context.error() && !m_error)
        m_error = context.error()->at(placeOf(m_plan->floats->graph(), floatOperator)).inFile(m_plan->floats->model().file);
}

void TwinRun::operatorDone(OperatorIndex op, std::size_t batch)
{
    const auto rows = m_rowsOf.find(op);
    if (rows == m_rowsOf.end())
        return;
    const auto twin = m_twins.find(op);
    if (twin != m_twins.end())
        runTwin(op, twin->second, batch);
    for (const std::size_t row : rows->second) {
        const PlannedRow &planned = m_plan->rows[row];
        const auto real = m_reals.find(planned.tensor);
        const bool hasReal = real != m_reals.end();
        if (hasReal)
            dequantize(planned.tensor, real->second, batch);
        for (std::size_t sample = 0; sample < batch; ++sample) {
            RowValues values{.row = row, .sample = m_first + sample, .codes = m_quantized.bytes(planned.tensor, sample), .dequantized = {}, .localFloats = {}, .accumulatedFloats = {}};
            if (values.codes.empty())
                continue;
            if (!hasReal) {
                (*m_sink)(values);
                continue;
            }
            values.dequantized = floatsOf(real->second, sample, planned.elements);
            if (twin != m_twins.end() && planned.hasLocal)
                values.localFloats = floatsOf(twin->second.outputs[planned.outputPosition], sample, planned.elements);
            if (planned.hasAccumulated)
                values.accumulatedFloats = floatsOf(m_floats.operand(planned.floatTensor), sample, planned.elements);
            (*m_sink)(values);
        }
    }
}

} // namespace quantloupe
