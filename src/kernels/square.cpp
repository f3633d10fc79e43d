// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32;

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareRealFunction(context, kTypes, [](float x) { return x * x; });
}

} // namespace

extern const OperatorKernel square_kernel{"SQUARE", prepare, kTypes};

} // namespace quantloupe
