// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/real_function.h"

#include <numbers>

namespace quantloupe {
namespace {

constexpr unsigned kTypes = kFloat32 | kInt8 | kInt16 | kUInt8;

float gelu(float x)
{
    constexpr float kMinusSqrtHalf = -static_cast<float>(std::numbers::sqrt2 / 2.0);
    return 0.5f * x * std::erfc(x * kMinusSqrtHalf);
}

float approximateGelu(float x)
{
    constexpr float kSqrtTwoOverPi = static_cast<float>(std::numbers::sqrt2 * std::numbers::inv_sqrtpi);
    return 0.5f * x * (1.0f + std::tanh(kSqrtTwoOverPi * (x + 0.044715f * x * x * x)));
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareRealFunction(context, kTypes, context.options().boolean("approximate") ? approximateGelu : gelu);
}

} // namespace

extern const OperatorKernel gelu_kernel{"GELU", prepare, kTypes};

} // namespace quantloupe
