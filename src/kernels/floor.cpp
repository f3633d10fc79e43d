// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32;

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareRealFunction(context, kTypes, [](float x) { return std::floor(x); });
}

} // namespace

extern const OperatorKernel floor_kernel{"FLOOR", prepare, kTypes};

} // namespace quantloupe
