// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/division.h"

namespace quantloupe {
namespace {

struct FloorQuotient {
    float operator()(float a, float b) const { return static_cast<float>(std::floor(static_cast<double>(a) / static_cast<double>(b))); }
    template <typename T> T operator()(T a, T b) const
    {
        if (b == -1)
            return static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(a)); // the smallest integer has no opposite: wraps
        const T quotient = static_cast<T>(a / b);
        return a % b != 0 && (a < 0) != (b < 0) ? static_cast<T>(quotient - 1) : quotient;
    }
};

Result<EvalFunction> prepare(PrepareContext &context)
{
    return prepareFloorDivision(context, FloorQuotient{});
}

} // namespace

extern const OperatorKernel floor_div_kernel{"FLOOR_DIV", prepare, kFloorDivisionTypes};

} // namespace quantloupe
