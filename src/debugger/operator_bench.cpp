// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/operator_bench.h"

#include <cstring>

namespace quantloupe {
namespace {

OperandDesc describe(const PreparedModel &model, TensorIndex tensor)
{
    if (!tensor.isValid())
        return {};
    const TensorPlan &plan = model.tensor(tensor);
    return {&model.graph().tensor(tensor), plan.shape, plan.value ? plan.value.bytes.data() : nullptr};
}

std::vector<OperandDesc> describe(const PreparedModel &model, const std::vector<TensorIndex> &tensors)
{
    std::vector<OperandDesc> operands;
    for (const TensorIndex tensor : tensors)
        operands.push_back(describe(model, tensor));
    return operands;
}

std::size_t bytesOf(const OperandDesc &operand)
{
    return static_cast<std::size_t>(operand.elementCount()) * elementSize(operand.type());
}

} // namespace

Result<OperatorBench> OperatorBench::make(const PreparedModel &model, OperatorIndex index, const Replacements &replacements)
{
    const Operator &op = model.graph().op(index);
    OperatorBench bench;
    auto inputs = describe(model, op.inputs);
    auto outputs = describe(model, op.outputs);
    const auto intermediates = describe(model, op.intermediates);
    for (const auto &[position, values] : replacements) {
        auto constant = std::make_unique<Tensor>(*inputs[position].tensor);
        constant->constant = ConstantData::copyOf(std::as_bytes(std::span(values)));
        inputs[position].tensor = constant.get();
        inputs[position].value = constant->constant.bytes.data();
        bench.m_constants.push_back(std::move(constant));
    }
    KernelMemory memory;
    QL_TRY(bench.m_eval, prepareKernel(op, inputs, outputs, intermediates, model.profile(), 1, memory));
    bench.place(model, op, inputs, outputs, memory);
    return bench;
}

void OperatorBench::place(const PreparedModel &model, const Operator &op, const std::vector<OperandDesc> &inputs, const std::vector<OperandDesc> &outputs, const KernelMemory &memory)
{
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const bool isThere = op.inputs[i].isValid();
        const bool isState = isThere && model.graph().tensor(op.inputs[i]).isVariable;
        m_isFree.push_back(isThere && !isState && !inputs[i].value);
        m_inputs.push_back({const_cast<std::byte *>(isThere ? inputs[i].value : nullptr), 0});
        if (!isState)
            continue;
        const Tensor &tensor = *inputs[i].tensor;
        m_storage.emplace_back(bytesOf(inputs[i]));
        m_inputs.back().data = m_storage.back().data();
        m_states.push_back({i, bytesOf(inputs[i]), tensor.type == DataType::Int8 ? static_cast<int>(tensor.quant.zeroPoint()) : 0}); // as Interpreter::resetState()
    }
    for (const OperandDesc &output : outputs) {
        m_storage.emplace_back(bytesOf(output));
        m_outputs.push_back({m_storage.back().data(), 0});
    }
    m_scratch = AlignedBuffer(memory.scratchBytes);
    m_ownState = AlignedBuffer(memory.stateBytes);
}

void OperatorBench::resetState()
{
    for (const State &state : m_states)
        std::memset(m_inputs[state.input].data, state.fill, state.bytes);
    if (m_ownState.size() > 0)
        std::memset(m_ownState.data(), 0, m_ownState.size());
}

Result<void> OperatorBench::run()
{
    resetState();
    EvalContext context(1, m_inputs, m_outputs, m_scratch.data());
    context.ownState = {m_ownState.data(), m_ownState.size()};
    m_eval(context);
    if (context.error())
        return fail(*context.error());
    return {};
}

} // namespace quantloupe
