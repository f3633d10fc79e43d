// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/element_copy.h"
#include "kernels/padding.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    return preparePad(context);
}

} // namespace

extern const OperatorKernel pad_kernel{"PAD", prepare, kMovableTypes};

} // namespace quantloupe
