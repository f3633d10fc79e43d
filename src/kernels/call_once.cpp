// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/kernel.h"

namespace quantloupe {
namespace {

/// CALL_ONCE: runs a subgraph that assigns variables, in the first run after every reset.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(0, 0, 0));
    const auto subgraph = static_cast<std::size_t>(context.options().integer("init_subgraph_index"));
    QL_CHECK(context.planner->signature(subgraph, {}));
    return [subgraph](EvalContext &run) {
        if (auto done = run.runner->runOnce(subgraph); !done)
            run.fail(done.error());
    };
}

} // namespace

extern const OperatorKernel call_once_kernel{
    .name = "CALL_ONCE", .prepare = prepare, .types = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool, .isStateful = true, .usesRunner = true};

} // namespace quantloupe
