// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/subgraph_plans.h"

#include <fmt/format.h>

namespace quantloupe {

Result<std::shared_ptr<const SubgraphPlan>> SubgraphPlans::plan(std::size_t subgraph, std::span<const Shape> inputs)
{
    Key key{subgraph, {}};
    for (const Shape &shape : inputs)
        key.inputs.emplace_back(shape.dims().begin(), shape.dims().end());
    if (const auto known = m_plans.find(key); known != m_plans.end())
        return known->second;
    QL_TRY(auto plan, SubgraphPlan::prepare(*m_model, subgraph, inputs, m_profile, 1, *this)); // ends: the reader refuses subgraphs that call themselves
    m_plans.emplace(std::move(key), plan);
    return plan;
}

void SubgraphPlans::forget(std::size_t subgraph)
{
    std::erase_if(m_plans, [subgraph](const auto &entry) { return entry.first.subgraph == subgraph; });
}

Result<SubgraphSignature> SubgraphPlans::signature(std::size_t subgraph, std::span<const OperandDesc> inputs)
{
    const auto refuse = [subgraph](std::string expected, std::string got) {
        return fail(ErrorCode::OperatorInvalid, {.place = fmt::format("subgraph {}", subgraph), .expected = std::move(expected), .got = std::move(got)});
    };
    if (subgraph >= m_model->subgraphs.size())
        return refuse(fmt::format("one of {} subgraphs", m_model->subgraphs.size()), fmt::format("{}", subgraph));
    const Subgraph &graph = m_model->subgraphs[subgraph];
    if (graph.inputs.size() != inputs.size())
        return refuse(fmt::format("{} inputs", graph.inputs.size()), fmt::format("{}", inputs.size()));
    std::vector<Shape> shapes;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!inputs[i].isPresent() || inputs[i].type() != graph.tensor(graph.inputs[i]).type)
            return refuse(fmt::format("{} for {}", name(graph.tensor(graph.inputs[i]).type), placeOf(graph, graph.inputs[i])),
                          inputs[i].isPresent() ? std::string(name(inputs[i].type())) : "nothing");
        shapes.push_back(inputs[i].shape);
    }
    QL_TRY(const auto ready, plan(subgraph, shapes));
    SubgraphSignature signature;
    for (const TensorIndex output : graph.outputs) {
        const TensorPlan &tensor = ready->tensor(output);
        if (tensor.isMissing)
            return fail(ErrorCode::OperatorUnsupported, {.got = fmt::format("{} of subgraph {} is not computed", placeOf(graph, output), subgraph)});
        signature.outputs.push_back({&graph.tensor(output), tensor.shape, nullptr});
        signature.isDynamic |= tensor.isDynamic;
    }
    return signature;
}

} // namespace quantloupe
