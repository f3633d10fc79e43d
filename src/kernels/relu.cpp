// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/clamping.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareClamping(context, 0.0f, std::numeric_limits<float>::infinity());
}

} // namespace

extern const OperatorKernel relu_kernel{"RELU", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
