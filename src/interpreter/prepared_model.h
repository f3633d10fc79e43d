// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interpreter/subgraph_plans.h"

#include <memory>

namespace quantloupe {

/// A model made ready to run: the plan of its main graph, and those of the subgraphs that one calls. Immutable; one is
/// shared by the interpreters of all threads.
class PreparedModel {
public:
    /// `maxBatch` samples at most are run at once; models with dynamic shapes, subgraphs or variables run one at a time.
    /// Fails when the model contradicts itself. An operator that is not supported is no failure: its plan says why.
    static Result<std::shared_ptr<const PreparedModel>> prepare(std::shared_ptr<const Model> model, KernelProfile profile, std::size_t maxBatch);

    const Model &model() const { return *m_model; }
    const Subgraph &graph() const { return m_plan->graph(); }
    KernelProfile profile() const { return m_plan->profile(); }
    std::size_t maxBatch() const { return m_plan->maxBatch(); }

    const TensorPlan &tensor(TensorIndex index) const { return m_plan->tensor(index); }
    const OperatorPlan &op(OperatorIndex index) const { return m_plan->op(index); }
    std::size_t scratchBytes() const { return m_plan->scratchBytes(); }

    std::shared_ptr<const SubgraphPlan> plan() const { return m_plan; }
    const SubgraphPlans &subgraphs() const { return m_subgraphs; }

private:
    PreparedModel(std::shared_ptr<const Model> model, SubgraphPlans subgraphs, std::shared_ptr<const SubgraphPlan> plan)
        : m_model(std::move(model)), m_subgraphs(std::move(subgraphs)), m_plan(std::move(plan))
    {
    }

    std::shared_ptr<const Model> m_model;
    SubgraphPlans m_subgraphs;
    std::shared_ptr<const SubgraphPlan> m_plan;
};

} // namespace quantloupe
