// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/extreme.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareExtremePosition(context, Extreme::Max);
}

} // namespace

extern const OperatorKernel arg_max_kernel{"ARG_MAX", prepare, kFloat32 | kInt8 | kUInt8 | kInt32 | kBool};

} // namespace quantloupe
