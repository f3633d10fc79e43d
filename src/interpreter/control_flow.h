// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/graph_run.h"
#include "interpreter/subgraph_plans.h"

#include <list>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace quantloupe {

/// What the operators of one interpreter share besides tensors: runs of its subgraphs, and resource variables.
class ControlFlow : public SubgraphRunner {
public:
    explicit ControlFlow(SubgraphPlans plans) : m_plans(std::move(plans)) {}

    /// Before every run of the main graph.
    void begin(std::stop_token stop);
    /// Variables unassigned, CALL_ONCE due again, and the subgraphs' own state back to its start.
    void resetState();
    Surroundings surroundings() { return {&m_plans, this}; }

    Result<std::vector<TensorValue>> run(std::size_t subgraph, std::span<const TensorValue> inputs) override;
    Result<void> runOnce(std::size_t subgraph) override;
    std::int32_t variable(std::string_view container, std::string_view name) override;
    std::optional<TensorValue> value(std::int32_t variable) const override;
    void assign(std::int32_t variable, const TensorValue &value) override;

private:
    struct Variable {
        bool isAssigned = false;
        Shape shape;
        std::vector<std::byte> bytes;
    };

    /// A subgraph ready for inputs of certain shapes.
    struct Ready {
        std::vector<Shape> inputs;
        GraphRun run;
    };

    Result<GraphRun *> graphRun(std::size_t subgraph, std::span<const TensorValue> inputs);
    void stage(std::span<const TensorValue> inputs);
    void setInputs(GraphRun &graph);

    SubgraphPlans m_plans;
    std::map<std::size_t, std::list<Ready>> m_ready; ///< by subgraph
    std::vector<std::byte> m_staged; ///< inputs on their way: they may lie in the graph they go to
    std::map<std::pair<std::string, std::string>, std::int32_t, std::less<>> m_numbers;
    std::vector<Variable> m_variables;
    std::set<std::size_t> m_ranOnce;
    std::size_t m_runsLeft = 0;
    std::stop_token m_stop;
};

} // namespace quantloupe
