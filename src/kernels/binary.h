// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the elementwise operators of two operands share: broadcasting, and ADD, SUB and SQUARED_DIFFERENCE's way of
// bringing both inputs to a common fixed-point scale.
#pragma once

#include "kernels/activation.h"
#include "kernels/broadcast.h"
#include "kernels/fixed_point.h"

namespace quantloupe {

/// Requires two inputs and an output of one type, sets the output's shape.
Result<Broadcast> binaryBroadcast(PrepareContext &context);

/// An EvalFunction that applies out = f(a, b) to every pair of elements.
template <typename In, typename Out, typename F> EvalFunction elementwise(const Broadcast &plan, F f)
{
    return [plan, f](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const In *const a = run.input<In>(0, sample);
            const In *const b = run.input<In>(1, sample);
            Out *const out = run.output<Out>(0, sample);
            plan.forEach([&](std::size_t o, std::size_t i, std::size_t j) { out[o] = f(a[i], b[j]); });
        });
    };
}

/// Both inputs shifted left and scaled by their share of twice the larger input scale.
struct CommonScale {
    int leftShift = 0;
    std::int32_t zeroPointA = 0;
    std::int32_t zeroPointB = 0;
    std::int32_t zeroPointOut = 0;
    fixed_point::Multiplier a;
    fixed_point::Multiplier b;
    fixed_point::Multiplier out;
    CodeClamp clamp{};

    std::int32_t scaledA(std::int32_t code) const { return fixed_point::multiply(fixed_point::wrappingShiftLeft(code - zeroPointA, leftShift), a); }
    std::int32_t scaledB(std::int32_t code) const { return fixed_point::multiply(fixed_point::wrappingShiftLeft(code - zeroPointB, leftShift), b); }
    std::int32_t code(std::int32_t value) const { return clamp(fixed_point::multiply(value, out) + zeroPointOut); }
};

/// `outFactor(twiceMaxInputScale, leftShift, outputScale)` is the factor back to codes. Fails where the reference
/// kernels abort: a factor of 0, and one of 1 or more unless `mayGrow`.
Result<CommonScale> commonScale(const PrepareContext &context, int leftShift, double (*outFactor)(double, int, double), bool mayGrow);

} // namespace quantloupe
