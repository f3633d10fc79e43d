// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/branching.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

bool haveOneShape(std::span<const OperandDesc> a, std::span<const OperandDesc> b)
{
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i].shape != b[i].shape)
            return false;
    return true;
}

/// IF: input 0 decides which of two subgraphs runs on the other inputs.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(context.inputCount(), context.inputCount(), context.outputCount()));
    if (context.inputCount() < 1 || context.input(0).type() != DataType::Bool || context.input(0).elementCount() != 1)
        return fail(context.invalid("one bool to decide by", context.typesText()));
    const auto onTrue = static_cast<std::size_t>(context.options().integer("then_subgraph_index"));
    const auto onFalse = static_cast<std::size_t>(context.options().integer("else_subgraph_index"));
    const auto inputs = branchInputs(context, 1);
    QL_TRY(const auto whenTrue, context.planner->signature(onTrue, inputs));
    QL_TRY(const auto whenFalse, context.planner->signature(onFalse, inputs));
    QL_CHECK(requireOutputs(context, whenTrue));
    QL_CHECK(requireOutputs(context, whenFalse));
    const auto choose = [onTrue, onFalse](SubgraphRunner &runner, std::vector<TensorValue> values) {
        const bool condition = values[0].bytes[0] != std::byte{0};
        return runner.run(condition ? onTrue : onFalse, std::span(values).subspan(1));
    };
    if (whenTrue.isDynamic || whenFalse.isDynamic || !haveOneShape(whenTrue.outputs, whenFalse.outputs))
        return dynamicBranching(context, 0, choose);
    return branching(context, 0, whenTrue.outputs, choose);
}

} // namespace

extern const OperatorKernel if_kernel{
    .name = "IF", .prepare = prepare, .types = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool, .isStateful = true, .usesRunner = true};

} // namespace quantloupe
