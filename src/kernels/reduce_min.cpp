// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/extreme.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareReducedExtreme(context, Extreme::Min);
}

} // namespace

extern const OperatorKernel reduce_min_kernel{"REDUCE_MIN", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
