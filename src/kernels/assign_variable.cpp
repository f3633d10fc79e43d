// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 0));
    if (context.input(0).type() != DataType::Resource || context.input(0).elementCount() != 1)
        return fail(context.typeError(0, "one resource"));
    QL_CHECK(requireMovable(context, 1));
    return [shape = context.input(1).shape, bytes = static_cast<std::size_t>(context.input(1).elementCount()) * elementSize(context.input(1).type())](EvalContext &run) {
        run.runner->assign(*run.input<std::int32_t>(0), {shape, {run.input<std::byte>(1), bytes}});
    };
}

} // namespace

extern const OperatorKernel assign_variable_kernel{.name = "ASSIGN_VARIABLE", .prepare = prepare, .types = kMovableTypes, .isStateful = true, .usesRunner = true};

} // namespace quantloupe
