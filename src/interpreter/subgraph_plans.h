// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/subgraph_plan.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace quantloupe {

/// The plans of a model's subgraphs, each for the input shapes it is called with, made when they are asked for. A copy
/// shares what was made before.
class SubgraphPlans : public SubgraphPlanner {
public:
    SubgraphPlans(const Model &model, KernelProfile profile) : m_model(&model), m_profile(profile) {}

    Result<std::shared_ptr<const SubgraphPlan>> plan(std::size_t subgraph, std::span<const Shape> inputs);
    /// Lets go of the plans of one subgraph.
    void forget(std::size_t subgraph);
    Result<SubgraphSignature> signature(std::size_t subgraph, std::span<const OperandDesc> inputs) override;

private:
    struct Key {
        std::size_t subgraph;
        std::vector<std::vector<std::int32_t>> inputs;
        auto operator<=>(const Key &) const = default;
    };

    const Model *m_model;
    KernelProfile m_profile;
    std::map<Key, std::shared_ptr<const SubgraphPlan>> m_plans;
};

} // namespace quantloupe
