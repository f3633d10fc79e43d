// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32 | kInt8 | kInt16;

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareRealFunction(context, kTypes, [](float x) { return std::exp(x); });
}

} // namespace

extern const OperatorKernel exp_kernel{"EXP", prepare, kTypes};

} // namespace quantloupe
