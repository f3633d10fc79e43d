// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/half.h"
#include "kernels/kernel.h"

#include <cmath>
#include <limits>
#include <type_traits>

namespace quantloupe {
namespace {

template <typename To, typename From> inline constexpr bool kMayNotFit = std::is_floating_point_v<From> && std::is_integral_v<To> && !std::is_same_v<To, bool>;

/// Towards 0; `Policy` says what becomes of a real that the integer type does not hold.
template <typename To, OutOfRange Policy, typename From> To converted(From x)
{
    if constexpr (!kMayNotFit<To, From>) {
        return static_cast<To>(x);
    } else if constexpr (Policy == OutOfRange::AsX86) {
        using Wide = std::conditional_t<(sizeof(To) < 4 || std::is_same_v<To, std::int32_t>), std::int32_t, std::int64_t>;
        constexpr auto kLimit = static_cast<From>(std::uint64_t{1} << (sizeof(Wide) * 8 - 1));
        return static_cast<To>(x >= -kLimit && x < kLimit ? static_cast<Wide>(x) : std::numeric_limits<Wide>::min());
    } else {
        constexpr auto kLimit = static_cast<From>(std::uint64_t{1} << (std::numeric_limits<To>::digits - 1)) * 2; // the first too large
        if (std::isnan(x))
            return Policy == OutOfRange::Saturated ? std::numeric_limits<To>::max() : To{0};
        if (x >= kLimit)
            return std::numeric_limits<To>::max();
        if (x <= static_cast<From>(std::numeric_limits<To>::min()))
            return std::numeric_limits<To>::min();
        return static_cast<To>(x);
    }
}

struct Half {
    std::uint16_t bits;
};

template <typename From, typename To, typename Convert> EvalFunction castElements(std::size_t count, Convert convert)
{
    return [count, convert](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const From *const in = run.input<From>(0, sample);
            To *const out = run.output<To>(0, sample);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = convert(in[i]);
        });
    };
}

template <typename From, typename To> EvalFunction castElements(const PrepareContext &context)
{
    const auto count = static_cast<std::size_t>(context.input(0).elementCount());
    switch (context.traits().castOutOfRange) {
    case OutOfRange::AsX86: return castElements<From, To>(count, [](From x) { return converted<To, OutOfRange::AsX86>(x); });
    case OutOfRange::SaturatedNanIs0: return castElements<From, To>(count, [](From x) { return converted<To, OutOfRange::SaturatedNanIs0>(x); });
    case OutOfRange::Saturated: break;
    }
    return castElements<From, To>(count, [](From x) { return converted<To, OutOfRange::Saturated>(x); });
}

template <typename From> Result<EvalFunction> castFrom(const PrepareContext &context)
{
    switch (context.output().type()) {
    case DataType::Float32: return castElements<From, float>(context);
    case DataType::Float64: return castElements<From, double>(context);
    case DataType::Int8: return castElements<From, std::int8_t>(context);
    case DataType::UInt8: return castElements<From, std::uint8_t>(context);
    case DataType::Int16: return castElements<From, std::int16_t>(context);
    case DataType::UInt16: return castElements<From, std::uint16_t>(context);
    case DataType::Int32: return castElements<From, std::int32_t>(context);
    case DataType::UInt32: return castElements<From, std::uint32_t>(context);
    case DataType::Int64: return castElements<From, std::int64_t>(context);
    case DataType::Bool: return castElements<From, bool>(context);
    default: return fail(context.unsupported("a plain number as output", context.typesText()));
    }
}

/// float16 casts from and to float32 only.
Result<EvalFunction> castHalf(const PrepareContext &context)
{
    const auto count = static_cast<std::size_t>(context.input(0).elementCount());
    if (context.output().type() == DataType::Float32)
        return castElements<Half, float>(count, [](Half x) { return halfToFloat(x.bits); });
    if (context.input(0).type() == DataType::Float32)
        return castElements<float, Half>(count, [](float x) { return Half{floatToHalf(x)}; });
    return fail(context.unsupported("float16 from or to float32", context.typesText()));
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    context.setOutputShape(0, context.input(0).shape);
    if (context.input(0).type() == DataType::Float16 || context.output().type() == DataType::Float16)
        return castHalf(context);
    switch (context.input(0).type()) {
    case DataType::Float32: return castFrom<float>(context);
    case DataType::Float64: return castFrom<double>(context);
    case DataType::Int8: return castFrom<std::int8_t>(context);
    case DataType::UInt8: return castFrom<std::uint8_t>(context);
    case DataType::Int16: return castFrom<std::int16_t>(context);
    case DataType::UInt16: return castFrom<std::uint16_t>(context);
    case DataType::Int32: return castFrom<std::int32_t>(context);
    case DataType::UInt32: return castFrom<std::uint32_t>(context);
    case DataType::Int64: return castFrom<std::int64_t>(context);
    case DataType::Bool: return castFrom<bool>(context);
    default: return fail(context.typeError(0, "a plain number"));
    }
}

} // namespace

extern const OperatorKernel cast_kernel{"CAST", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool};

} // namespace quantloupe
