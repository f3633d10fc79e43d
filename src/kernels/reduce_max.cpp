// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/extreme.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareReducedExtreme(context, Extreme::Max);
}

} // namespace

extern const OperatorKernel reduce_max_kernel{"REDUCE_MAX", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
