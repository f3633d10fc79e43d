// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/control_flow.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Subgraphs that one run of a model may run; a loop that needs more is taken for one that never ends.
constexpr std::size_t kMostRuns = std::size_t{1} << 22;

/// Shapes that one subgraph is kept ready for. Loops whose tensors grow need a new one at every step.
constexpr std::size_t kMostShapes = 16;

} // namespace

void ControlFlow::begin(std::stop_token stop)
{
    m_stop = std::move(stop);
    m_runsLeft = kMostRuns;
}

void ControlFlow::resetState()
{
    for (Variable &variable : m_variables)
        variable = {};
    m_ranOnce.clear();
    for (auto &[subgraph, ready] : m_ready)
        for (Ready &graph : ready)
            graph.run.resetState();
}

Result<GraphRun *> ControlFlow::graphRun(std::size_t subgraph, std::span<const TensorValue> inputs)
{
    std::list<Ready> &ready = m_ready[subgraph];
    for (Ready &graph : ready)
        if (std::ranges::equal(graph.inputs, inputs, {}, {}, &TensorValue::shape))
            return &graph.run;
    if (ready.size() >= kMostShapes) {
        ready.clear();
        m_plans.forget(subgraph);
    }
    std::vector<Shape> shapes;
    for (const TensorValue &input : inputs)
        shapes.push_back(input.shape);
    QL_TRY(const auto plan, m_plans.plan(subgraph, shapes));
    return &ready.emplace_back(std::move(shapes), GraphRun(plan)).run;
}

void ControlFlow::stage(std::span<const TensorValue> inputs)
{
    m_staged.clear();
    for (const TensorValue &input : inputs)
        m_staged.insert(m_staged.end(), input.bytes.begin(), input.bytes.end());
}

void ControlFlow::setInputs(GraphRun &graph)
{
    const std::byte *from = m_staged.data();
    for (const TensorIndex input : graph.plan().graph().inputs) {
        const auto place = graph.writable(input, 0);
        std::copy_n(from, place.size(), place.data());
        from += place.size();
    }
}

Result<std::vector<TensorValue>> ControlFlow::run(std::size_t subgraph, std::span<const TensorValue> inputs)
{
    if (m_stop.stop_requested())
        return fail(ErrorCode::Cancelled);
    if (m_runsLeft-- == 0) {
        m_runsLeft = 0;
        return fail(ErrorCode::RuntimeFault, {.expected = "loops that end", .got = fmt::format("{} runs of subgraphs", kMostRuns)});
    }
    stage(inputs); // before anything is let go that they may lie in
    QL_TRY(GraphRun *const graph, graphRun(subgraph, inputs));
    setInputs(*graph);
    if (auto done = graph->invoke(1, {.surroundings = surroundings(), .stop = m_stop}); !done)
        return fail(done.error().code == ErrorCode::Cancelled ? done.error() : done.error().at(fmt::format("subgraph {}", subgraph)));
    std::vector<TensorValue> outputs;
    for (const TensorIndex output : graph->plan().graph().outputs)
        outputs.push_back({graph->shape(output), graph->bytes(output)});
    return outputs;
}

Result<void> ControlFlow::runOnce(std::size_t subgraph)
{
    if (!m_ranOnce.insert(subgraph).second)
        return {};
    QL_CHECK(run(subgraph, {}));
    return {};
}

std::int32_t ControlFlow::variable(std::string_view container, std::string_view name)
{
    const auto [entry, isNew] = m_numbers.try_emplace({std::string(container), std::string(name)}, static_cast<std::int32_t>(m_variables.size()));
    if (isNew)
        m_variables.emplace_back();
    return entry->second;
}

std::optional<TensorValue> ControlFlow::value(std::int32_t number) const
{
    if (number < 0 || static_cast<std::size_t>(number) >= m_variables.size() || !m_variables[static_cast<std::size_t>(number)].isAssigned)
        return std::nullopt;
    const Variable &variable = m_variables[static_cast<std::size_t>(number)];
    return TensorValue{variable.shape, variable.bytes};
}

void ControlFlow::assign(std::int32_t number, const TensorValue &value)
{
    if (number < 0 || static_cast<std::size_t>(number) >= m_variables.size())
        return; // only a constant of type resource can hold such a number
    Variable &variable = m_variables[static_cast<std::size_t>(number)];
    variable.isAssigned = true;
    variable.shape = value.shape;
    variable.bytes.assign(value.bytes.begin(), value.bytes.end());
}

} // namespace quantloupe
