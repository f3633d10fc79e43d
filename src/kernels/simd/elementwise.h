// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operators of two operands over runs of elements, on the widest vectors the machine has. Codes are exact.
#pragma once

#include "kernels/activation.h"
#include "kernels/binary.h"
#include "kernels/fixed_point.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace quantloupe::simd {

/// One operand of a run: its elements one after another, or one element for all of them.
template <typename T> struct RunOperand {
    const T *first;
    bool isOne;
};

enum class Combination { Sum, Difference, SquaredDifference };

/// ADD, SUB and SQUARED_DIFFERENCE of codes, by way of a common scale. Code is int8, uint8 or int16.
template <typename Code> void combineCodes(const CommonScale &scale, Combination combination, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out);

/// MUL of codes: (a - zeroA) * (b - zeroB) by one multiplier.
struct ProductScale {
    std::int32_t zeroPointA = 0;
    std::int32_t zeroPointB = 0;
    std::int32_t zeroPointOut = 0;
    fixed_point::Multiplier multiplier;
    CodeClamp clamp{};
};
template <typename Code> void multiplyCodes(const ProductScale &scale, RunOperand<Code> a, RunOperand<Code> b, std::size_t count, Code *out);

enum class Arithmetic { Sum, Difference, Product, SquaredDifference };

/// clamp(a op b); NaN comes through.
void combineFloats(Arithmetic arithmetic, FloatClamp clamp, RunOperand<float> a, RunOperand<float> b, std::size_t count, float *out);

/// How often operand b repeats under a, where runs of b's length cover a: its shape is the end of a's, or it is one
/// element. Nothing where the operands meet in another way.
struct Repetition {
    std::size_t runs = 0;
    std::size_t length = 0;
    bool isOne = false; ///< b is one element
};
std::optional<Repetition> repetition(const Shape &a, const Shape &b);

/// An EvalFunction that hands runs to f(a, b, count, out) where the shapes allow, in either order; else `otherwise`.
template <typename T, typename F> EvalFunction runwise(const PrepareContext &context, F f, EvalFunction otherwise)
{
    const auto direct = repetition(context.input(0).shape, context.input(1).shape);
    const auto swapped = direct ? std::nullopt : repetition(context.input(1).shape, context.input(0).shape);
    if (!direct && !swapped)
        return otherwise;
    return [f, isSwapped = !direct, plan = direct ? *direct : *swapped](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t r = 0; r < plan.runs; ++r) {
                const RunOperand<T> longer{run.input<T>(isSwapped ? 1 : 0, sample) + r * plan.length, false};
                const RunOperand<T> repeated{run.input<T>(isSwapped ? 0 : 1, sample), plan.isOne};
                f(isSwapped ? repeated : longer, isSwapped ? longer : repeated, plan.length, run.output<T>(0, sample) + r * plan.length);
            }
        });
    };
}

/// Float operators of two operands.
EvalFunction floatArithmetic(const PrepareContext &context, const Broadcast &plan, Arithmetic arithmetic, FloatClamp clamp);

} // namespace quantloupe::simd
