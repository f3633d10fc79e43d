// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32 | kInt8;

Result<EvalFunction> prepare(PrepareContext &context)
{
    // Small arguments lose digits in exp(x) - 1; the reference does that in its table only.
    if (context.requireOperands(1, 1, 1) && context.input(0).type() == DataType::Float32)
        return prepareRealFunction(context, kTypes, [](float x) { return x < 0.0f ? std::expm1(x) : x; });
    return prepareRealFunction(context, kTypes, [](float x) { return x < 0.0f ? std::exp(x) - 1.0f : x; });
}

} // namespace

extern const OperatorKernel elu_kernel{"ELU", prepare, kTypes};

} // namespace quantloupe
