// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/mean_of_codes.h"

namespace quantloupe {
namespace {

template <typename T> EvalFunction sumOfIntegers(PrepareContext &context, Reduction plan)
{
    return reduced<T, T>(context, std::move(plan), T{0}, wrappingSum<T>, [](T sum) { return sum; });
}

/// The reference reads int8 as uint8, for the result too.
Result<EvalFunction> sumOfInt8(PrepareContext &context, Reduction plan)
{
    return context.traits().sumReadsUnsigned ? meanOrSumOfCodes<std::uint8_t>(context, std::move(plan), ReducedTo::Sum) : meanOrSumOfCodes<std::int8_t>(context, std::move(plan), ReducedTo::Sum);
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(Reduction plan, reduction(context));
    if (plan.reduced == 0)
        return fail(context.invalid("at least one element to add", context.input(0).shape.text()));
    switch (context.input(0).type()) {
    case DataType::Float32:
        return reduced<float, float>(context, std::move(plan), 0.0f, [](float sum, float x) { return sum + x; }, [](float sum) { return sum; });
    case DataType::Int32: return sumOfIntegers<std::int32_t>(context, std::move(plan));
    case DataType::Int64: return sumOfIntegers<std::int64_t>(context, std::move(plan));
    case DataType::Int8: return sumOfInt8(context, std::move(plan));
    case DataType::UInt8: return meanOrSumOfCodes<std::uint8_t>(context, std::move(plan), ReducedTo::Sum);
    case DataType::Int16:
        if (context.traits().sumReadsUnsigned) // LiteRT returns uninitialised memory
            return fail(context.unsupported("float32, int8, uint8, int32 or int64", context.typesText()));
        return meanOrSumOfCodes<std::int16_t>(context, std::move(plan), ReducedTo::Sum);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel sum_kernel{"SUM", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
