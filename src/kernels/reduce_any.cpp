// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reduction.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(Reduction plan, reduction(context));
    if (context.input(0).type() != DataType::Bool)
        return fail(context.typeError(0, "bool"));
    return reduced<bool, bool>(context, std::move(plan), false, [](bool any, bool x) { return any || x; }, [](bool any) { return any; });
}

} // namespace

extern const OperatorKernel reduce_any_kernel{"REDUCE_ANY", prepare, kBool};

} // namespace quantloupe
