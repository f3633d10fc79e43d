// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"
#include "kernels/padding.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    return preparePad(context);
}

} // namespace

extern const OperatorKernel padv2_kernel{"PADV2", prepare, kMovableTypes};

} // namespace quantloupe
