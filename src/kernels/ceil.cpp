// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32;

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareRealFunction(context, kTypes, [](float x) { return std::ceil(x); });
}

} // namespace

extern const OperatorKernel ceil_kernel{"CEIL", prepare, kTypes};

} // namespace quantloupe
