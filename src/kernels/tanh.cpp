// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/squashing.h"

namespace quantloupe {
namespace {

std::int32_t fixedPointCode(std::int32_t q4)
{
    return fixed_point::roundingDivideByPowerOfTwo(fixed_point::tanh(q4, 4), 31 - 7);
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    const auto tanh = [](float x) { return std::tanh(x); };
    return prepareSquashing(context, {.real = tanh, .tableReal = tanh, .fixedPointCode = fixedPointCode, .int16Code = fixed_point::tanhByTable, .largestTableShift = 1});
}

} // namespace

extern const OperatorKernel tanh_kernel{"TANH", prepare, kFloat32 | kInt8 | kInt16 | kUInt8};

} // namespace quantloupe
