// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/mean_of_codes.h"

namespace quantloupe {
namespace {

template <typename T> EvalFunction sumOfIntegers(PrepareContext &context, Reduction plan)
{
    return reduced<T, T>(context, std::move(plan), T{0}, wrappingSum<T>, [](T sum) { return sum; });
}

/// The reference sums codes as plain integers where both scales are one, and reads int8 as uint8 where they are not.
template <typename Code> Result<EvalFunction> sumOfCodes(PrepareContext &context, Reduction plan)
{
    const bool isOneScale = context.input(0).scale() == context.output().scale() && context.input(0).zeroPoint() == context.output().zeroPoint();
    if (!context.traits().sumReadsUnsigned)
        return meanOrSumOfCodes<Code>(context, std::move(plan), ReducedTo::Sum);
    if (isOneScale)
        return sumOfIntegers<Code>(context, std::move(plan));
    return meanOrSumOfCodes<std::uint8_t>(context, std::move(plan), ReducedTo::Sum);
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
    case DataType::Int8: return sumOfCodes<std::int8_t>(context, std::move(plan));
    case DataType::UInt8: return sumOfCodes<std::uint8_t>(context, std::move(plan));
    case DataType::Int16:
        if (context.traits().sumReadsUnsigned)
            return fail(context.unsupported("float32, int8, uint8, int32 or int64", context.typesText()));
        return meanOrSumOfCodes<std::int16_t>(context, std::move(plan), ReducedTo::Sum);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel sum_kernel{"SUM", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
