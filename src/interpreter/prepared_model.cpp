// SPDX-License-Identifier: GPL-3.0-or-later
#include "interpreter/prepared_model.h"

#include <algorithm>

namespace quantloupe {
namespace {

/// Memory for the tensors of one interpreter: batches get smaller to stay below.
constexpr std::size_t kEnoughBytes = std::size_t{1} << 30;

std::size_t fittingBatch(const SubgraphPlan &plan, std::size_t wanted)
{
    if (plan.needsSingleSamples())
        return 1;
    return std::clamp<std::size_t>(kEnoughBytes / std::max<std::size_t>(plan.tensorBytes(), 1), 1, wanted);
}

Result<std::shared_ptr<const SubgraphPlan>> mainPlan(const Model &model, KernelProfile profile, std::size_t maxBatch, SubgraphPlanner &planner)
{
    QL_TRY(auto plan, SubgraphPlan::prepare(model, 0, {}, profile, maxBatch, planner));
    const std::size_t batch = fittingBatch(*plan, maxBatch);
    if (batch < maxBatch)
        return SubgraphPlan::prepare(model, 0, {}, profile, batch, planner);
    return plan;
}

} // namespace

Result<std::shared_ptr<const PreparedModel>> PreparedModel::prepare(std::shared_ptr<const Model> model, KernelProfile profile, std::size_t maxBatch)
{
    SubgraphPlans subgraphs(*model, profile);
    auto plan = mainPlan(*model, profile, std::max<std::size_t>(maxBatch, 1), subgraphs);
    if (!plan)
        return fail(plan.error().inFile(model->file));
    return std::shared_ptr<const PreparedModel>(new PreparedModel(std::move(model), std::move(subgraphs), std::move(*plan)));
}

} // namespace quantloupe
