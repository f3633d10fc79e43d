// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/binary.h"
#include "kernels/simd/elementwise.h"

#include <fmt/format.h>
#include <type_traits>

namespace quantloupe {
namespace {

template <typename T> EvalFunction prepareInteger(PrepareContext &context, const Broadcast &plan)
{
    const FloatClamp real = floatClamp(fusedActivation(context));
    const T low = real.min < -1.0f ? std::numeric_limits<T>::min() : static_cast<T>(real.min);
    const T high = real.max > 6.0f ? std::numeric_limits<T>::max() : static_cast<T>(real.max);
    return elementwise<T, T>(plan, [low, high](T a, T b) {
        const auto product = static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b)); // wraps
        return std::min(std::max(product, low), high);
    });
}

template <typename Code, typename Out = Code> Result<EvalFunction> prepareQuantized(PrepareContext &context, const Broadcast &plan)
{
    const OperandDesc &a = context.input(0);
    const OperandDesc &b = context.input(1);
    const OperandDesc &output = context.output();
    const double factor = context.traits().multipliersInDouble
        ? static_cast<double>(a.scale()) * static_cast<double>(b.scale()) / static_cast<double>(output.scale())
        : static_cast<double>(a.scale() * b.scale() / output.scale());
    if (!std::isfinite(factor) || factor < 0.0)
        return fail(context.invalid("scales above 0", fmt::format("input scales {} and {}, output scale {}", a.scale(), b.scale(), output.scale())));
    const auto multiplier = fixed_point::multiplierOf(factor);
    const CodeClamp clamp = codeClamp(fusedActivation(context), output);
    const std::int32_t zeroA = a.zeroPoint();
    const std::int32_t zeroB = b.zeroPoint();
    const std::int32_t zeroOut = output.zeroPoint();
    auto one = elementwise<Code, Out>(plan, [=](Code x, Code y) {
        return static_cast<Out>(clamp(fixed_point::multiply((x - zeroA) * (y - zeroB), multiplier) + zeroOut));
    });
    if constexpr (std::is_same_v<Code, Out>) {
        const simd::ProductScale scale{zeroA, zeroB, zeroOut, multiplier, clamp};
        const auto many = [scale](simd::RunOperand<Code> x, simd::RunOperand<Code> y, std::size_t count, Code *out) { simd::multiplyCodes(scale, x, y, count, out); };
        return simd::runwise<Code>(context, many, std::move(one));
    } else {
        return one;
    }
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const Broadcast plan, binaryBroadcast(context));
    const DataType input = context.input(0).type();
    if (input == DataType::Int16 && context.output().type() == DataType::Int8 && context.output().quant().isQuantized())
        return prepareQuantized<std::int16_t, std::int8_t>(context, plan);
    if (context.output().type() != input)
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    switch (input) {
    case DataType::Float32:
        return simd::floatArithmetic(context, plan, simd::Arithmetic::Product, floatClamp(fusedActivation(context)));
    case DataType::Int32: return prepareInteger<std::int32_t>(context, plan);
    case DataType::Int64: return prepareInteger<std::int64_t>(context, plan);
    case DataType::Int8: return prepareQuantized<std::int8_t>(context, plan);
    case DataType::UInt8: return prepareQuantized<std::uint8_t>(context, plan);
    case DataType::Int16: return context.output().quant().isQuantized() ? prepareQuantized<std::int16_t>(context, plan) : prepareInteger<std::int16_t>(context, plan);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel mul_kernel{"MUL", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
