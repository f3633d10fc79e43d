// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/graph_run.h"

#include "kernels/internals.h"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace quantloupe {

GraphRun::GraphRun(std::shared_ptr<const SubgraphPlan> plan, std::vector<TensorLife> lives)
    : m_plan(std::move(plan)), m_lives(std::move(lives)), m_scratch(m_plan->scratchBytes())
{
    allocate();
    resetState();
}

/// Only what is used gets memory: the graph's inputs, operands of operators that run, and variables.
std::vector<bool> GraphRun::tensorsInUse() const
{
    const Subgraph &graph = m_plan->graph();
    std::vector<bool> used(graph.tensors.size(), false);
    const auto use = [&](std::span<const TensorIndex> indices) {
        for (const TensorIndex index : indices)
            if (index.isValid())
                used[index.position()] = true;
    };
    use(graph.inputs);
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        if (m_plan->op(OperatorIndex(i)).missing)
            continue;
        use(graph.operators[i].inputs);
        use(graph.operators[i].outputs);
    }
    return used;
}

bool GraphRun::isInArena(std::size_t tensor) const
{
    const TensorPlan &plan = m_plan->tensor(TensorIndex(tensor));
    return !plan.value && !plan.isDynamic && !plan.isMissing;
}

void GraphRun::allocate()
{
    const std::size_t tensors = m_plan->graph().tensors.size();
    const std::vector<bool> used = tensorsInUse();
    m_operands.assign(tensors, {});
    std::vector<MemoryBlock> blocks(tensors);
    for (std::size_t i = 0; i < tensors; ++i) {
        const TensorPlan &plan = m_plan->tensor(TensorIndex(i));
        if (plan.value) {
            m_operands[i] = {const_cast<std::byte *>(plan.value.bytes.data()), 0};
        } else if (used[i] && isInArena(i)) {
            m_operands[i].stride = byteSize(TensorIndex(i));
            blocks[i] = {m_operands[i].stride * life(i).samples, life(i)};
        }
        if (plan.isDynamic && m_dynamicTensors.empty()) {
            m_dynamicTensors.resize(tensors);
            m_dynamicOperators.resize(m_plan->graph().operators.size());
        }
    }
    m_states.resize(m_plan->graph().operators.size());
    for (std::size_t i = 0; i < m_states.size(); ++i)
        allocateState(OperatorIndex(i), m_plan->op(OperatorIndex(i)).memory.stateBytes);
    const std::size_t total = placeBlocks(blocks);
    m_arena = AlignedBuffer(total);
    std::memset(m_arena.data(), 0, total);
    for (std::size_t i = 0; i < tensors; ++i)
        if (used[i] && isInArena(i))
            m_operands[i].data = m_arena.data() + blocks[i].offset;
}

Operand GraphRun::operand(TensorIndex tensor, const SampleRange &samples) const
{
    Operand whole = operand(tensor);
    if (whole.data && life(tensor.position()).samples == m_plan->maxBatch())
        whole.data += samples.first * whole.stride;
    return whole;
}

std::size_t GraphRun::byteSize(TensorIndex tensor) const
{
    return static_cast<std::size_t>(shape(tensor).elementCount()) * elementSize(m_plan->graph().tensor(tensor).type);
}

const Shape &GraphRun::shape(TensorIndex tensor) const
{
    const TensorPlan &plan = m_plan->tensor(tensor);
    return plan.isDynamic ? m_dynamicTensors[tensor.position()].shape : plan.shape;
}

std::span<std::byte> GraphRun::writable(TensorIndex tensor, std::size_t sample)
{
    const Operand &place = m_operands[tensor.position()];
    return {place.data + sample * place.stride, byteSize(tensor)};
}

std::span<const std::byte> GraphRun::bytes(TensorIndex tensor, std::size_t sample) const
{
    const Operand &place = m_operands[tensor.position()];
    if (!place.data)
        return {};
    return {place.data + sample * place.stride, byteSize(tensor)};
}

void GraphRun::allocateState(OperatorIndex op, std::size_t stateBytes)
{
    AlignedBuffer &state = m_states[op.position()];
    const std::size_t size = stateBytes * m_plan->maxBatch();
    if (state.size() == size)
        return;
    state = AlignedBuffer(size);
    std::memset(state.data(), 0, size);
}

void GraphRun::resetState()
{
    const Subgraph &graph = m_plan->graph();
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
        const Tensor &tensor = graph.tensors[i];
        if (!tensor.isVariable || !m_operands[i].data || m_plan->tensor(TensorIndex(i)).value)
            continue;
        // The reference fills the bytes of int8 state with its zero point and all other state with 0.
        const int fill = tensor.type == DataType::Int8 ? static_cast<int>(tensor.quant.zeroPoint()) : 0;
        std::memset(m_operands[i].data, fill, m_operands[i].stride * m_plan->maxBatch());
    }
    for (const AlignedBuffer &state : m_states)
        if (state.size() > 0)
            std::memset(state.data(), 0, state.size());
}

Result<void> GraphRun::invoke(std::size_t batch, const Context &context)
{
    assert(batch <= m_plan->maxBatch());
    const Subgraph &graph = m_plan->graph();
    for (std::size_t i = 0; i < graph.operators.size(); ++i) {
        const OperatorIndex op(i);
        if (m_plan->op(op).missing)
            continue;
        QL_CHECK(invoke(op, {0, batch}, context));
        if (context.observer)
            context.observer->operatorDone(op, batch);
    }
    return {};
}

Result<void> GraphRun::invoke(OperatorIndex op, SampleRange samples, const Context &context)
{
    if (m_plan->op(op).missing)
        return {};
    if (auto done = run(op, samples, context); !done)
        return fail(done.error().code == ErrorCode::Cancelled ? done.error() : done.error().at(placeOf(m_plan->graph(), op)));
    return {};
}

Result<void> GraphRun::run(OperatorIndex op, SampleRange samples, const Context &around)
{
    const OperatorPlan &plan = m_plan->op(op);
    if (plan.isFolded)
        return {};
    if (plan.isDynamic)
        QL_CHECK(prepareDynamic(op, around.surroundings));
    const Operator &oper = m_plan->graph().op(op);
    m_inputs.clear();
    m_outputs.clear();
    for (const TensorIndex index : oper.inputs)
        m_inputs.push_back(operand(index, samples));
    for (const TensorIndex index : oper.outputs)
        m_outputs.push_back(operand(index, samples));
    EvalContext context(samples.count, m_inputs, m_outputs, m_scratch.data());
    context.internals = around.internals;
    const std::size_t stateBytes = (plan.isDynamic ? m_dynamicOperators[op.position()].memory : plan.memory).stateBytes;
    context.ownState = {m_states[op.position()].data() + samples.first * stateBytes, stateBytes};
    if (around.internals)
        around.internals->operatorStarts(op);
    context.runner = around.surroundings.runner;
    (plan.isDynamic ? m_dynamicOperators[op.position()].eval : plan.eval)(context);
    if (context.error())
        return quantloupe::fail(*context.error());
    return {};
}

/// Prepares an operator whose shapes, or whose parameters, are known only now; all its inputs count as known.
Result<void> GraphRun::prepareDynamic(OperatorIndex op, const Surroundings &around)
{
    const Subgraph &graph = m_plan->graph();
    const Operator &oper = graph.op(op);
    const auto describe = [&](TensorIndex index, bool withValue) {
        return index.isValid() ? OperandDesc{&graph.tensor(index), shape(index), withValue ? m_operands[index.position()].data : nullptr} : OperandDesc{};
    };
    std::vector<OperandDesc> inputs;
    std::vector<OperandDesc> outputs;
    for (std::size_t i = 0; i < oper.inputs.size(); ++i) {
        inputs.push_back(describe(oper.inputs[i], true));
    }
    for (const TensorIndex index : oper.outputs)
        outputs.push_back(describe(index, false));
    std::vector<OperandDesc> intermediates;
    for (const TensorIndex index : oper.intermediates)
        intermediates.push_back(describe(index, false));

    DynamicOperator &dynamic = m_dynamicOperators[op.position()];
    QL_TRY(dynamic.eval, prepareKernel(oper, inputs, outputs, intermediates, m_plan->profile(), 1, dynamic.memory, around));
    if (dynamic.memory.scratchBytes > m_scratch.size())
        m_scratch = AlignedBuffer(dynamic.memory.scratchBytes);
    allocateState(op, dynamic.memory.stateBytes);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
        QL_CHECK(placeDynamic(oper.outputs[i], outputs[i].shape));
    }
    return {};
}

Result<void> GraphRun::placeDynamic(TensorIndex index, const Shape &shape)
{
    if (auto fits = requireTensorFits(m_plan->graph().tensor(index), shape); !fits)
        return fail(ErrorCode::RuntimeFault, fits.error().facts); // values ask for it
    Dynamic &tensor = m_dynamicTensors[index.position()];
    tensor.shape = shape;
    const std::size_t bytes = byteSize(index);
    if (bytes > tensor.bytes.size() || !tensor.bytes.data())
        tensor.bytes = AlignedBuffer(bytes);
    m_operands[index.position()] = {tensor.bytes.data(), bytes};
    return {};
}

} // namespace quantloupe
