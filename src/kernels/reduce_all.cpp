// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/reduction.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(Reduction plan, reduction(context));
    if (context.input(0).type() != DataType::Bool)
        return fail(context.typeError(0, "bool"));
    return reduced<bool, bool>(context, std::move(plan), true, [](bool all, bool x) { return all && x; }, [](bool all) { return all; });
}

} // namespace

extern const OperatorKernel reduce_all_kernel{"REDUCE_ALL", prepare, kBool};

} // namespace quantloupe
