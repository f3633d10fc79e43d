// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/clamping.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareClamping(context, -1.0f, 1.0f);
}

} // namespace

extern const OperatorKernel relu_n1_to_1_kernel{"RELU_N1_TO_1", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
