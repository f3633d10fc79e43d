// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/binary.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    if (context.input(0).type() != DataType::Bool || context.output().type() != DataType::Bool)
        return fail(context.unsupported("bool", context.typesText()));
    return elementwise<bool, bool>(plan, [](bool a, bool b) { return a || b; });
}

} // namespace

extern const OperatorKernel logical_or_kernel{"LOGICAL_OR", prepare, kBool};

} // namespace quantloupe
