// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/squashing.h"

namespace quantloupe {
namespace {

float logistic(float x)
{
    // Beyond these the reference leaves the quotient out: it is 1, or exp(x), to the last bit.
    constexpr float kUpper = 16.619047164916992188f;
    constexpr float kLower = -9.0f;
    if (x > kUpper)
        return 1.0f;
    return x < kLower ? std::exp(x) : 1.0f / (1.0f + std::exp(-x));
}

std::int32_t fixedPointCode(std::int32_t q4)
{
    return fixed_point::roundingDivideByPowerOfTwo(fixed_point::logistic(q4, 4), 31 - 8) - 128;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareSquashing(context, {.real = logistic,
                                      .tableReal = [](float x) { return 1.0f / (1.0f + std::exp(-x)); },
                                      .fixedPointCode = fixedPointCode,
                                      .int16Code = fixed_point::logisticByTable,
                                      .largestTableShift = 0});
}

} // namespace

extern const OperatorKernel logistic_kernel{"LOGISTIC", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
