// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/division.h"

namespace quantloupe {
namespace {

/// The remainder that has the divisor's sign.
struct FloorRemainder {
    float operator()(float a, float b) const
    {
        const float rest = std::fmod(a, b);
        return rest != 0.0f && (rest < 0.0f) != (b < 0.0f) ? rest + b : rest;
    }
    template <typename T> T operator()(T a, T b) const
    {
        if (b == -1)
            return 0;
        const T rest = static_cast<T>(a % b);
        return rest != 0 && (rest < 0) != (b < 0) ? static_cast<T>(rest + b) : rest;
    }
};

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareFloorDivision(context, FloorRemainder{});
}

} // namespace

extern const OperatorKernel floor_mod_kernel{"FLOOR_MOD", prepare, kFloorDivisionTypes};

} // namespace quantloupe
