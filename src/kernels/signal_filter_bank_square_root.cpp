// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalFilterBankSquareRoot: integer square roots, shifted right by the bits of a scalar input.
#include "kernels/kernel.h"

#include <cmath>

namespace quantloupe {
namespace {

/// Rounded to the nearest integer; the largest that 16 (for values of 32 bits) or 32 bits hold stays.
std::uint32_t roundedRoot(std::uint64_t x)
{
    auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(x)));
    while (root > 0xFFFFFFFFu || root * root > x) // double has 53 bits only
        --root;
    while (root < 0xFFFFFFFFu && (root + 1) * (root + 1) <= x)
        ++root;
    const std::uint64_t largest = x >> 32 == 0 ? 0xFFFFu : 0xFFFFFFFFu;
    return static_cast<std::uint32_t>(x - root * root > root && root != largest ? root + 1 : root);
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    if (context.input(0).type() != DataType::UInt64 || context.input(1).type() != DataType::Int32 || context.output().type() != DataType::UInt32)
        return fail(context.unsupported("uint64 and an int32 shift to uint32", context.typesText()));
    if (context.input(1).elementCount() != 1)
        return fail(context.invalid("one number of bits", context.input(1).shape.text()));
    context.setOutputShape(0, context.input(0).shape);
    return [count = static_cast<std::size_t>(context.input(0).elementCount())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::uint32_t bits = static_cast<std::uint32_t>(*run.input<std::int32_t>(1, sample)) & 31u; // counts modulo 32 on x86
            for (std::size_t i = 0; i < count; ++i)
                run.output<std::uint32_t>(0, sample)[i] = roundedRoot(run.input<std::uint64_t>(0, sample)[i]) >> bits;
        });
    };
}

} // namespace

extern const OperatorKernel signal_filter_bank_square_root_kernel{"SignalFilterBankSquareRoot", prepare, kUnsigned};

} // namespace quantloupe
