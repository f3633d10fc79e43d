// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    if (context.input(0).type() != DataType::Bool)
        return fail(context.unsupported("bool", context.typesText()));
    return pointwise<bool, bool>(count, [](bool x) { return !x; });
}

} // namespace

extern const OperatorKernel logical_not_kernel{"LOGICAL_NOT", prepare, kBool};

} // namespace quantloupe
