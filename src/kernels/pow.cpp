// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/binary.h"
#include "kernels/pointwise.h"

namespace quantloupe {
namespace {

/// As the reference converts pow() of doubles: what is no int32 becomes the smallest one.
std::int32_t integerPower(std::int32_t base, std::int32_t exponent)
{
    const double result = std::pow(static_cast<double>(base), static_cast<double>(exponent));
    return result > -2147483649.0 && result < 2147483648.0 ? static_cast<std::int32_t>(result) : std::numeric_limits<std::int32_t>::min();
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    switch (context.output().type()) {
    case DataType::Float32: return elementwise<float, float>(plan, [](float a, float b) { return std::pow(a, b); });
    case DataType::Int32:
        return requiringEvery<std::int32_t>(1, static_cast<std::size_t>(context.input(1).elementCount()), "integer exponents of at least 0",
                                            [](std::int32_t exponent) { return exponent >= 0; }, elementwise<std::int32_t, std::int32_t>(plan, integerPower));
    default: return fail(context.unsupported("float32 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel pow_kernel{"POW", prepare, kFloat32 | kInt32};

} // namespace quantloupe
