// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/branching.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Loop {
    std::size_t condition = 0; ///< subgraphs
    std::size_t body = 0;

    Result<std::vector<TensorValue>> operator()(SubgraphRunner &runner, std::vector<TensorValue> values) const
    {
        for (;;) { // ends at the latest when the runner has run too many subgraphs
            QL_TRY(const auto decision, runner.run(condition, values));
            if (decision[0].bytes[0] == std::byte{0})
                return values;
            QL_TRY(values, runner.run(body, values));
        }
    }
};

Result<void> requireCondition(const PrepareContext &context, const SubgraphSignature &signature)
{
    if (signature.outputs.size() != 1 || signature.outputs[0].type() != DataType::Bool || signature.isDynamic || signature.outputs[0].elementCount() != 1)
        return fail(context.invalid("a condition with one bool as output", fmt::format("{} outputs", signature.outputs.size())));
    return {};
}

/// WHILE: as long as one subgraph says so, its inputs become what the other makes of them.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(context.inputCount(), context.inputCount(), context.inputCount()));
    const Loop loop{static_cast<std::size_t>(context.options().integer("cond_subgraph_index")), static_cast<std::size_t>(context.options().integer("body_subgraph_index"))};
    const auto inputs = branchInputs(context, 0);
    QL_TRY(const auto condition, context.planner->signature(loop.condition, inputs));
    QL_CHECK(requireCondition(context, condition));
    QL_TRY(const auto body, context.planner->signature(loop.body, inputs));
    QL_CHECK(requireOutputs(context, body));
    bool keepsShapes = !body.isDynamic;
    for (std::size_t i = 0; keepsShapes && i < inputs.size(); ++i)
        keepsShapes = body.outputs[i].shape == inputs[i].shape;
    if (!keepsShapes)
        return dynamicBranching(context, 0, loop);
    return branching(context, 0, body.outputs, loop);
}

} // namespace

extern const OperatorKernel while_kernel{
    .name = "WHILE", .prepare = prepare, .types = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool, .isStateful = true, .usesRunner = true};

} // namespace quantloupe
