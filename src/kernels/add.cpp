// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/sum_difference.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareSumOrDifference(context, Sign::Plus);
}

} // namespace

extern const OperatorKernel add_kernel{"ADD", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
