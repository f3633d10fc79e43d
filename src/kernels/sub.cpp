// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/sum_difference.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareSumOrDifference(context, Sign::Minus);
}

} // namespace

extern const OperatorKernel sub_kernel{"SUB", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
