// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/half.h"
#include "kernels/kernel.h"

#include <limits>
#include <type_traits>

namespace quantloupe {
namespace {

/// As the reference's static_cast; where C++ leaves a real outside of the integer's range open, as x86 does it: through
/// a wider integer, whose lowest value stands for what does not fit.
template <typename To, typename From> To converted(From x)
{
    if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To> && !std::is_same_v<To, bool>) {
        using Wide = std::conditional_t<(sizeof(To) < 4 || std::is_same_v<To, std::int32_t>), std::int32_t, std::int64_t>;
        constexpr auto kLimit = static_cast<From>(std::uint64_t{1} << (sizeof(Wide) * 8 - 1));
        return static_cast<To>(x >= -kLimit && x < kLimit ? static_cast<Wide>(x) : std::numeric_limits<Wide>::min());
    } else {
        return static_cast<To>(x);
    }
}

struct Half {
    std::uint16_t bits;
};
template <> float converted<float>(Half x)
{
    return halfToFloat(x.bits);
}
template <> Half converted<Half>(float x)
{
    return {floatToHalf(x)};
}

template <typename From, typename To> EvalFunction castElements(std::size_t count)
{
    return [count](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const From *const in = run.input<From>(0, sample);
            To *const out = run.output<To>(0, sample);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = converted<To>(in[i]);
        });
    };
}

template <typename From> Result<EvalFunction> castFrom(const PrepareContext &context)
{
    const auto count = static_cast<std::size_t>(context.input(0).elementCount());
    if constexpr (std::is_same_v<From, float>)
        if (context.output().type() == DataType::Float16)
            return castElements<float, Half>(count);
    switch (context.output().type()) {
    case DataType::Float32: return castElements<From, float>(count);
    case DataType::Float64: return castElements<From, double>(count);
    case DataType::Int8: return castElements<From, std::int8_t>(count);
    case DataType::UInt8: return castElements<From, std::uint8_t>(count);
    case DataType::Int16: return castElements<From, std::int16_t>(count);
    case DataType::UInt16: return castElements<From, std::uint16_t>(count);
    case DataType::Int32: return castElements<From, std::int32_t>(count);
    case DataType::UInt32: return castElements<From, std::uint32_t>(count);
    case DataType::Int64: return castElements<From, std::int64_t>(count);
    case DataType::Bool: return castElements<From, bool>(count);
    default: return fail(context.unsupported("a plain number as output", context.typesText()));
    }
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    context.setOutputShape(0, context.input(0).shape);
    switch (context.input(0).type()) {
    case DataType::Float16:
        if (context.output().type() != DataType::Float32)
            return fail(context.unsupported("float16 to float32", context.typesText()));
        return castElements<Half, float>(static_cast<std::size_t>(context.input(0).elementCount()));
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
