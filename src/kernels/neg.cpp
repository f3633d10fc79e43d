// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

namespace quantloupe {
namespace {

/// Wraps. Codes are negated as they are, whatever their quantization: -128 stays, zero points are not looked at. That is
/// what LiteRT, the only one to run int8 and int16, computes.
template <typename T> EvalFunction prepareInteger(std::size_t count)
{
    return pointwise<T, T>(count, [](T x) { return static_cast<T>(std::uint64_t{0} - static_cast<std::uint64_t>(x)); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(const std::size_t count, pointwiseCount(context));
    switch (context.input(0).type()) {
    case DataType::Float32: return pointwise<float, float>(count, [](float x) { return -x; });
    case DataType::Int32: return prepareInteger<std::int32_t>(count);
    case DataType::Int64: return prepareInteger<std::int64_t>(count);
    case DataType::Int8: return prepareInteger<std::int8_t>(count);
    case DataType::Int16: return prepareInteger<std::int16_t>(count);
    default: return fail(context.unsupported("float32, int8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel neg_kernel{"NEG", prepare, kFloat32 | kInt8 | kInt16 | kInt32 | kInt64};

} // namespace quantloupe
