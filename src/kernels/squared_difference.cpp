// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/binary.h"
#include "kernels/simd/elementwise.h"

namespace quantloupe {
namespace {

template <typename Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, const Broadcast &plan)
{
    constexpr int kLeftShift = sizeof(Code) == 1 ? 7 : 0;
    const auto outFactor = [](double twiceMax, int leftShift, double outputScale) {
        return twiceMax * twiceMax / (static_cast<double>(1 << (leftShift * 2)) * outputScale);
    };
    QL_TRY(const CommonScale scale, commonScale(context, kLeftShift, outFactor, true));
    auto one = elementwise<Code, Code>(plan, [scale](Code a, Code b) {
        const std::int32_t difference = scale.scaledA(a) - scale.scaledB(b);
        return static_cast<Code>(scale.code(static_cast<std::int32_t>(static_cast<std::uint32_t>(difference) * static_cast<std::uint32_t>(difference))));
    });
    const auto many = [scale](simd::RunOperand<Code> a, simd::RunOperand<Code> b, std::size_t count, Code *out) {
        simd::combineCodes(scale, simd::Combination::SquaredDifference, a, b, count, out);
    };
    return simd::runwise<Code>(context, many, std::move(one));
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    switch (context.output().type()) {
    case DataType::Float32:
        return elementwise<float, float>(plan, [](float a, float b) { return (a - b) * (a - b); });
    case DataType::Int32:
        return elementwise<std::int32_t, std::int32_t>(plan, [](std::int32_t a, std::int32_t b) {
            const std::uint32_t difference = static_cast<std::uint32_t>(a) - static_cast<std::uint32_t>(b); // wraps
            return static_cast<std::int32_t>(difference * difference);
        });
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, plan);
    case DataType::Int16: return prepareQuantized<std::int16_t>(context, plan);
    default: return fail(context.unsupported("float32, int8, int16 or int32", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel squared_difference_kernel{"SQUARED_DIFFERENCE", prepare, kFloat32 | kInt8 | kInt16 | kInt32};

} // namespace quantloupe
