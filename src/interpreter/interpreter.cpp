// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/interpreter.h"

#include "kernels/internals.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace quantloupe {

Interpreter::Interpreter(std::shared_ptr<const PreparedModel> model) : m_model(std::move(model)), m_scratch(m_model->scratchBytes())
{
    allocate();
    resetState();
}

void Interpreter::allocate()
{
    const Subgraph &graph = m_model->graph();
    const std::size_t tensors = graph.tensors.size();
    m_operands.assign(tensors, {});

    // Only what is used gets memory: model inputs, operands of operators that run, and variables.
    std::vector<bool> used(tensors, false);
    const auto use = [&](std::span<const TensorIndex> indices) {
        for (const TensorIndex index : indices)
            if (index.isValid())
                used[index.position()] = true;
    };
    use(graph.inputs);
    bool dynamic = false;
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        if (m_model->op(OperatorIndex(i)).missing)
            continue;
        use(graph.operators[i].inputs);
        use(graph.operators[i].outputs);
        dynamic |= m_model->op(OperatorIndex(i)).isDynamic;
    }

    std::size_t total = 0;
    std::vector<std::size_t> offsets(tensors, 0);
    for (std::size_t i = 0; i < tensors; ++i) {
        const TensorPlan &plan = m_model->tensor(TensorIndex(i));
        if (plan.value) {
            m_operands[i] = {const_cast<std::byte *>(plan.value.bytes.data()), 0};
        } else if (used[i] && !plan.isDynamic && !plan.isMissing) {
            offsets[i] = total;
            m_operands[i].stride = byteSize(TensorIndex(i));
            total += AlignedBuffer::padded(m_operands[i].stride * m_model->maxBatch());
        }
    }
    m_arena = AlignedBuffer(total);
    std::memset(m_arena.data(), 0, total);
    for (std::size_t i = 0; i < tensors; ++i) {
        const TensorPlan &plan = m_model->tensor(TensorIndex(i));
        if (!plan.value && used[i] && !plan.isDynamic && !plan.isMissing)
            m_operands[i].data = m_arena.data() + offsets[i];
    }
    if (dynamic) {
        m_dynamicTensors.resize(tensors);
        m_dynamicOperators.resize(graph.operators.size());
    }

    for (const Operator &op : graph.operators) {
        m_firstInput.push_back(m_inputs.size());
        m_firstOutput.push_back(m_outputs.size());
        for (const TensorIndex index : op.inputs)
            m_inputs.push_back(operand(index));
        for (const TensorIndex index : op.outputs)
            m_outputs.push_back(operand(index));
    }
}

std::size_t Interpreter::byteSize(TensorIndex tensor) const
{
    return static_cast<std::size_t>(shape(tensor).elementCount()) * elementSize(m_model->graph().tensor(tensor).type);
}

const Shape &Interpreter::shape(TensorIndex tensor) const
{
    const TensorPlan &plan = m_model->tensor(tensor);
    return plan.isDynamic ? m_dynamicTensors[tensor.position()].shape : plan.shape;
}

std::span<std::byte> Interpreter::input(std::size_t input, std::size_t sample)
{
    const TensorIndex tensor = m_model->graph().inputs[input];
    const Operand &place = m_operands[tensor.position()];
    return {place.data + sample * place.stride, byteSize(tensor)};
}

std::span<const std::byte> Interpreter::output(std::size_t output, std::size_t sample) const
{
    return bytes(m_model->graph().outputs[output], sample);
}

std::span<const std::byte> Interpreter::bytes(TensorIndex tensor, std::size_t sample) const
{
    const Operand &place = m_operands[tensor.position()];
    if (!place.data)
        return {};
    return {place.data + sample * place.stride, byteSize(tensor)};
}

void Interpreter::resetState()
{
    const Subgraph &graph = m_model->graph();
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
        const Tensor &tensor = graph.tensors[i];
        if (!tensor.isVariable || !m_operands[i].data || m_model->tensor(TensorIndex(i)).value)
            continue;
        // The reference fills the bytes of int8 state with its zero point and all other state with 0.
        const int fill = tensor.type == DataType::Int8 ? static_cast<int>(tensor.quant.zeroPoint()) : 0;
        std::memset(m_operands[i].data, fill, m_operands[i].stride * m_model->maxBatch());
    }
}

Result<void> Interpreter::invoke(std::size_t batch, OperatorObserver *observer)
{
    assert(batch <= m_model->maxBatch());
    const Subgraph &graph = m_model->graph();
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        const OperatorIndex op(i);
        if (m_model->op(op).missing)
            continue;
        if (auto done = run(op, batch); !done)
            return fail(done.error().at(placeOf(graph, op)).inFile(m_model->model().file));
        if (observer)
            observer->operatorDone(op, batch);
    }
    return {};
}

Result<void> Interpreter::run(OperatorIndex op, std::size_t batch)
{
    const OperatorPlan &plan = m_model->op(op);
    if (plan.isFolded)
        return {};
    if (plan.isDynamic)
        QL_CHECK(prepareDynamic(op));
    const Operator &oper = m_model->graph().op(op);
    EvalContext context(batch, std::span(m_inputs).subspan(m_firstInput[op.position()], oper.inputs.size()),
                        std::span(m_outputs).subspan(m_firstOutput[op.position()], oper.outputs.size()), m_scratch.data());
    context.internals = m_internals;
    if (m_internals)
        m_internals->operatorStarts(op);
    (plan.isDynamic ? m_dynamicOperators[op.position()].eval : plan.eval)(context);
    if (context.error())
        return quantloupe::fail(*context.error());
    return {};
}

/// Prepares an operator whose shapes, or whose parameters, are known only now; all its inputs count as known.
Result<void> Interpreter::prepareDynamic(OperatorIndex op)
{
    const Subgraph &graph = m_model->graph();
    const Operator &oper = graph.op(op);
    const auto describe = [&](TensorIndex index, bool withValue) {
        return index.isValid() ? OperandDesc{&graph.tensor(index), shape(index), withValue ? m_operands[index.position()].data : nullptr} : OperandDesc{};
    };
    std::vector<OperandDesc> inputs;
    std::vector<OperandDesc> outputs;
    for (std::size_t i = 0; i < oper.inputs.size(); ++i) {
        inputs.push_back(describe(oper.inputs[i], true));
        m_inputs[m_firstInput[op.position()] + i] = operand(oper.inputs[i]);
    }
    for (const TensorIndex index : oper.outputs)
        outputs.push_back(describe(index, false));
    std::vector<OperandDesc> intermediates;
    for (const TensorIndex index : oper.intermediates)
        intermediates.push_back(describe(index, false));

    DynamicOperator &dynamic = m_dynamicOperators[op.position()];
    QL_TRY(dynamic.eval, prepareKernel(oper, inputs, outputs, intermediates, m_model->profile(), 1, dynamic.scratchBytes));
    if (dynamic.scratchBytes > m_scratch.size())
        m_scratch = AlignedBuffer(dynamic.scratchBytes);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        const std::size_t t = oper.outputs[i].position();
        Dynamic &tensor = m_dynamicTensors[t];
        tensor.shape = outputs[i].shape;
        const std::size_t bytes = byteSize(oper.outputs[i]);
        if (bytes > tensor.bytes.size() || !tensor.bytes.data())
            tensor.bytes = AlignedBuffer(bytes);
        m_operands[t] = {tensor.bytes.data(), bytes};
        m_outputs[m_firstOutput[op.position()] + i] = m_operands[t];
    }
    return {};
}

} // namespace quantloupe
