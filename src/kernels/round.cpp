// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32;

/// To the nearest integer, ties to the even one.
float roundHalfToEven(float x)
{
    const float below = std::floor(x);
    const float rest = x - below;
    const bool isDown = rest < 0.5f || (rest == 0.5f && below == 2.0f * std::floor(below / 2.0f));
    return isDown ? below : below + 1.0f;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareRealFunction(context, kTypes, roundHalfToEven);
}

} // namespace

extern const OperatorKernel round_kernel{"ROUND", prepare, kTypes};

} // namespace quantloupe
