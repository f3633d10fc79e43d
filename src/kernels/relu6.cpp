// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/clamping.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareClamping(context, 0.0f, 6.0f, context.traits().standaloneRelu6Rescales);
}

} // namespace

extern const OperatorKernel relu6_kernel{"RELU6", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
