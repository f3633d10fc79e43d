// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/extreme.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareExtremePosition(context, Extreme::Min);
}

} // namespace

extern const OperatorKernel arg_min_kernel{"ARG_MIN", prepare, kFloat32 | kInt8 | kUInt8 | kInt32 | kBool};

} // namespace quantloupe
