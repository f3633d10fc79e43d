// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/prepared_model.h"

#include "base/aligned_buffer.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

OperandDesc describe(const Subgraph &graph, const std::vector<TensorPlan> &plans, TensorIndex index)
{
    if (!index.isValid())
        return {};
    const TensorPlan &plan = plans[index.position()];
    return {&graph.tensor(index), plan.shape, plan.value ? plan.value.bytes.data() : nullptr};
}

std::vector<OperandDesc> describe(const Subgraph &graph, const std::vector<TensorPlan> &plans, std::span<const TensorIndex> indices)
{
    std::vector<OperandDesc> operands;
    operands.reserve(indices.size());
    for (const TensorIndex index : indices)
        operands.push_back(describe(graph, plans, index));
    return operands;
}

std::size_t byteSize(const Tensor &tensor, const Shape &shape)
{
    return static_cast<std::size_t>(shape.elementCount()) * elementSize(tensor.type);
}

} // namespace

Result<EvalFunction> prepareKernel(const Operator &op, std::span<const OperandDesc> inputs, std::span<OperandDesc> outputs,
                                   std::span<const OperandDesc> intermediates, KernelProfile profile, std::size_t maxBatch, std::size_t &scratchBytes)
{
    const OperatorKernel *kernel = findOperatorKernel(op.name);
    if (!kernel)
        return fail(ErrorCode::OperatorUnsupported, {.got = op.isCustom ? fmt::format("custom operator {}", op.name) : op.name});
    PrepareContext context(op, inputs, outputs, intermediates, profile, maxBatch);
    QL_TRY(EvalFunction eval, kernel->prepare(context));
    for (const OperandDesc &output : outputs)
        if (elementSize(output.type()) == 0)
            return fail(context.unsupported("element types of whole bytes", context.typesText()));
    scratchBytes = context.scratchBytes;
    return eval;
}

Result<std::shared_ptr<const PreparedModel>> PreparedModel::prepare(std::shared_ptr<const Model> model, KernelProfile profile, std::size_t maxBatch)
{
    auto prepared = std::make_shared<PreparedModel>();
    prepared->m_model = std::move(model);
    prepared->m_profile = profile;
    prepared->m_maxBatch = std::max<std::size_t>(maxBatch, 1);
    if (auto done = prepared->prepareAll(); !done)
        return fail(done.error().inFile(prepared->m_model->file));
    if (prepared->m_maxBatch > 1 && std::ranges::any_of(prepared->m_operators, &OperatorPlan::isDynamic)) {
        prepared->m_maxBatch = 1; // shapes may differ from sample to sample
        if (auto done = prepared->prepareAll(); !done)
            return fail(done.error().inFile(prepared->m_model->file));
    }
    return std::shared_ptr<const PreparedModel>(std::move(prepared));
}

Result<void> PreparedModel::prepareAll()
{
    const Subgraph &graph = m_model->main();
    m_tensors.assign(graph.tensors.size(), {});
    m_operators.assign(graph.operators.size(), {});
    m_scratchBytes = 0;
    for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
        m_tensors[i].shape = graph.tensors[i].shape;
        m_tensors[i].value = graph.tensors[i].constant;
    }
    for (std::size_t i = 0; i < graph.operators.size(); ++i)
        if (auto done = prepareOperator(OperatorIndex(i)); !done)
            return fail(done.error().at(placeOf(graph, OperatorIndex(i))));
    return {};
}

Result<void> PreparedModel::prepareOperator(OperatorIndex index)
{
    const Operator &op = graph().op(index);
    OperatorPlan &plan = m_operators[index.position()];
    const auto setOutputs = [&](bool TensorPlan::*flag) {
        for (const TensorIndex output : op.outputs)
            m_tensors[output.position()].*flag = true;
    };

    for (const TensorIndex input : op.inputs) {
        if (!input.isValid())
            continue;
        if (m_tensors[input.position()].isMissing) {
            plan.missing = Error{ErrorCode::OperatorUnsupported, {.got = fmt::format("{} is not computed", placeOf(graph(), input))}};
            setOutputs(&TensorPlan::isMissing);
            return {};
        }
        plan.isDynamic |= m_tensors[input.position()].isDynamic;
    }
    if (plan.isDynamic) {
        setOutputs(&TensorPlan::isDynamic);
        return {};
    }

    const auto inputs = describe(graph(), m_tensors, op.inputs);
    auto outputs = describe(graph(), m_tensors, op.outputs);
    const auto intermediates = describe(graph(), m_tensors, op.intermediates);
    auto eval = prepareKernel(op, inputs, outputs, intermediates, m_profile, m_maxBatch, plan.scratchBytes);
    if (!eval && eval.error().code == ErrorCode::ValueUnknown) {
        plan.isDynamic = true;
        setOutputs(&TensorPlan::isDynamic);
        return {};
    }
    if (!eval && eval.error().exitCode() == ExitCode::Unsupported) {
        plan.missing = eval.error();
        setOutputs(&TensorPlan::isMissing);
        return {};
    }
    if (!eval)
        return fail(eval.error());

    plan.eval = std::move(*eval);
    m_scratchBytes = std::max(m_scratchBytes, plan.scratchBytes);
    for (std::size_t i = 0; i < outputs.size(); ++i)
        m_tensors[op.outputs[i].position()].shape = outputs[i].shape;
    return fold(index);
}

/// An operator on constants alone, or whose result follows from shapes alone, is computed here once.
Result<void> PreparedModel::fold(OperatorIndex index)
{
    const Operator &op = graph().op(index);
    OperatorPlan &plan = m_operators[index.position()];
    const OperatorKernel &kernel = *findOperatorKernel(op.name);
    const bool isKnown = kernel.isShapeOnly || std::ranges::all_of(op.inputs, [&](TensorIndex input) { return !input.isValid() || m_tensors[input.position()].value; });
    if (!isKnown || kernel.isStateful)
        return {};

    std::vector<Operand> inputs;
    for (const TensorIndex input : op.inputs)
        inputs.push_back({input.isValid() && m_tensors[input.position()].value ? const_cast<std::byte *>(m_tensors[input.position()].value.bytes.data()) : nullptr, 0});
    std::vector<AlignedBuffer> results;
    std::vector<Operand> outputs;
    for (const TensorIndex output : op.outputs) {
        results.emplace_back(byteSize(graph().tensor(output), m_tensors[output.position()].shape));
        outputs.push_back({results.back().data(), 0});
    }
    AlignedBuffer scratch(plan.scratchBytes);
    EvalContext context(1, inputs, outputs, scratch.data());
    plan.eval(context);
    if (context.error())
        return quantloupe::fail(*context.error());
    for (std::size_t i = 0; i < op.outputs.size(); ++i)
        m_tensors[op.outputs[i].position()].value = ConstantData::copyOf({results[i].data(), results[i].size()});
    plan.isFolded = true;
    return {};
}

} // namespace quantloupe
