// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/kernel.h"

namespace quantloupe {
namespace {

/// VAR_HANDLE: the number of the variable its options name.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(0, 0, 1));
    if (context.output().type() != DataType::Resource)
        return fail(context.unsupported("an output of resource", context.typesText()));
    context.setOutputShape(0, {1});
    return [container = std::string(context.options().text("container")), name = std::string(context.options().text("shared_name"))](EvalContext &run) {
        *run.output<std::int32_t>() = run.runner->variable(container, name);
    };
}

} // namespace

extern const OperatorKernel var_handle_kernel{
    .name = "VAR_HANDLE", .prepare = prepare, .types = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool, .isStateful = true, .usesRunner = true};

} // namespace quantloupe
