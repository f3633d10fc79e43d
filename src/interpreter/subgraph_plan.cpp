// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/subgraph_plan.h"

#include "base/aligned_buffer.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Bytes of all tensors of one graph, of one sample.
constexpr std::size_t kMostGraphBytes = std::size_t{1} << 33;

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

Result<void> requireTensorFits(const Tensor &tensor, const Shape &shape)
{
    std::size_t bytes = elementSize(tensor.type); // shapes have fewer than 2^31 elements, counted like this
    for (const std::int32_t dim : shape.dims())
        bytes *= static_cast<std::size_t>(std::max(dim, 1));
    if (bytes > kMostTensorBytes)
        return fail(ErrorCode::FeatureUnsupported, {.place = tensor.name, .expected = fmt::format("tensors of at most {} bytes", kMostTensorBytes), .got = shape.text()});
    return {};
}

Result<EvalFunction> prepareKernel(const Operator &op, std::span<const OperandDesc> inputs, std::span<OperandDesc> outputs,
                                   std::span<const OperandDesc> intermediates, KernelProfile profile, std::size_t maxBatch, KernelMemory &memory, Surroundings around)
{
    const OperatorKernel *kernel = findOperatorKernel(op.name);
    if (!kernel)
        return fail(ErrorCode::OperatorUnsupported, {.got = op.isCustom ? fmt::format("custom operator {}", op.name) : op.name});
    if (kernel->usesRunner && !around.planner)
        return fail(ErrorCode::OperatorUnsupported, {.got = fmt::format("{} outside of a model", op.name)});
    PrepareContext context(op, inputs, outputs, intermediates, profile, maxBatch);
    context.planner = around.planner;
    context.runner = around.runner;
    QL_TRY(EvalFunction eval, kernel->prepare(context));
    for (const OperandDesc &output : outputs)
        if (elementSize(output.type()) == 0)
            return fail(context.unsupported("element types of whole bytes", context.typesText()));
    if (context.stateBytes > kMostTensorBytes)
        return fail(context.invalid(fmt::format("at most {} bytes of state", kMostTensorBytes), fmt::format("{}", context.stateBytes)));
    memory = {context.scratchBytes, AlignedBuffer::padded(context.stateBytes)};
    return eval;
}

Result<std::shared_ptr<const SubgraphPlan>> SubgraphPlan::prepare(const Model &model, std::size_t subgraph, std::span<const Shape> inputs, KernelProfile profile,
                                                                  std::size_t maxBatch, SubgraphPlanner &planner)
{
    auto plan = std::make_shared<SubgraphPlan>();
    plan->m_graph = &model.subgraphs[subgraph];
    plan->m_profile = profile;
    plan->m_maxBatch = maxBatch;
    if (auto done = plan->prepareAll(inputs, planner); !done)
        return fail(subgraph == 0 ? done.error() : done.error().at(fmt::format("subgraph {}", subgraph)));
    if (const std::size_t bytes = plan->tensorBytes(); bytes > kMostGraphBytes)
        return fail(ErrorCode::FeatureUnsupported, {.expected = fmt::format("tensors of at most {} bytes together", kMostGraphBytes), .got = fmt::format("{}", bytes)});
    return std::shared_ptr<const SubgraphPlan>(std::move(plan));
}

Result<void> SubgraphPlan::prepareAll(std::span<const Shape> inputs, SubgraphPlanner &planner)
{
    m_tensors.resize(m_graph->tensors.size());
    m_operators.resize(m_graph->operators.size());
    for (std::size_t i = 0; i < m_tensors.size(); ++i) {
        m_tensors[i].shape = m_graph->tensors[i].shape;
        m_tensors[i].value = m_graph->tensors[i].constant;
    }
    for (std::size_t i = 0; i < inputs.size(); ++i)
        m_tensors[m_graph->inputs[i].position()].shape = inputs[i];
    for (const TensorIndex input : m_graph->inputs)
        QL_CHECK(requireTensorFits(m_graph->tensor(input), m_tensors[input.position()].shape));
    for (std::size_t i = 0; i < m_operators.size(); ++i)
        if (auto done = prepareOperator(OperatorIndex(i), planner); !done)
            return fail(done.error().at(placeOf(*m_graph, OperatorIndex(i))));
    return {};
}

Result<void> SubgraphPlan::prepareOperator(OperatorIndex index, SubgraphPlanner &planner)
{
    const Operator &op = m_graph->op(index);
    OperatorPlan &plan = m_operators[index.position()];
    const auto setOutputs = [&](bool TensorPlan::*flag) {
        for (const TensorIndex output : op.outputs)
            m_tensors[output.position()].*flag = true;
    };

    for (const TensorIndex input : op.inputs) {
        if (!input.isValid())
            continue;
        if (m_tensors[input.position()].isMissing) {
            plan.missing = Error{ErrorCode::OperatorUnsupported, {.got = fmt::format("{} is not computed", placeOf(*m_graph, input))}};
            setOutputs(&TensorPlan::isMissing);
            return {};
        }
        plan.isDynamic |= m_tensors[input.position()].isDynamic;
    }
    if (plan.isDynamic) {
        setOutputs(&TensorPlan::isDynamic);
        return {};
    }

    const auto inputs = describe(*m_graph, m_tensors, op.inputs);
    auto outputs = describe(*m_graph, m_tensors, op.outputs);
    const auto intermediates = describe(*m_graph, m_tensors, op.intermediates);
    auto eval = prepareKernel(op, inputs, outputs, intermediates, m_profile, m_maxBatch, plan.memory, {&planner, nullptr});
    for (std::size_t i = 0; eval && i < outputs.size(); ++i)
        if (auto fits = requireTensorFits(*outputs[i].tensor, outputs[i].shape); !fits)
            eval = fail(fits.error());
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
    m_scratchBytes = std::max(m_scratchBytes, plan.memory.scratchBytes);
    for (std::size_t i = 0; i < outputs.size(); ++i)
        m_tensors[op.outputs[i].position()].shape = outputs[i].shape;
    return fold(index);
}

/// An operator on constants alone, or whose result follows from shapes alone, is computed here once.
Result<void> SubgraphPlan::fold(OperatorIndex index)
{
    const Operator &op = m_graph->op(index);
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
        results.emplace_back(byteSize(m_graph->tensor(output), m_tensors[output.position()].shape));
        outputs.push_back({results.back().data(), 0});
    }
    AlignedBuffer scratch(plan.memory.scratchBytes);
    EvalContext context(1, inputs, outputs, scratch.data());
    plan.eval(context);
    if (context.error())
        return quantloupe::fail(*context.error());
    for (std::size_t i = 0; i < op.outputs.size(); ++i)
        m_tensors[op.outputs[i].position()].value = ConstantData::copyOf({results[i].data(), results[i].size()});
    plan.isFolded = true;
    return {};
}

std::size_t SubgraphPlan::tensorBytes() const
{
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < m_tensors.size(); ++i)
        if (!m_tensors[i].value && !m_tensors[i].isDynamic && !m_tensors[i].isMissing)
            bytes += AlignedBuffer::padded(byteSize(m_graph->tensors[i], m_tensors[i].shape));
    return bytes;
}

bool SubgraphPlan::needsSingleSamples() const
{
    for (std::size_t i = 0; i < m_operators.size(); ++i) {
        const OperatorKernel *kernel = findOperatorKernel(m_graph->operators[i].name);
        if (m_operators[i].isDynamic || (kernel && kernel->usesRunner))
            return true;
    }
    return false;
}

} // namespace quantloupe
