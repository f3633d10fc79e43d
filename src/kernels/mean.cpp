// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/mean_of_codes.h"

namespace quantloupe {
namespace {

/// Unquantized integers: the sum in 64 bits, divided towards 0.
template <typename T> EvalFunction meanOfIntegers(PrepareContext &context, Reduction plan)
{
    const auto count = static_cast<std::int64_t>(plan.reduced);
    return reduced<T, std::int64_t>(
        context, std::move(plan), 0, [](std::int64_t sum, T x) { return wrappingSum<std::int64_t>(sum, x); }, [count](std::int64_t sum) { return static_cast<T>(sum / count); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(Reduction plan, reduction(context));
    if (plan.reduced == 0)
        return fail(context.invalid("at least one element to average", context.input(0).shape.text()));
    switch (context.input(0).type()) {
    case DataType::Float32:
        return reduced<float, float>(
            context, plan, 0.0f, [](float sum, float x) { return sum + x; }, [count = static_cast<float>(plan.reduced)](float sum) { return sum / count; });
    case DataType::Int32: return meanOfIntegers<std::int32_t>(context, std::move(plan));
    case DataType::Int64: return meanOfIntegers<std::int64_t>(context, std::move(plan));
    case DataType::Int8: return meanOrSumOfCodes<std::int8_t>(context, std::move(plan), ReducedTo::Mean);
    case DataType::UInt8: return meanOrSumOfCodes<std::uint8_t>(context, std::move(plan), ReducedTo::Mean);
    case DataType::Int16: return meanOrSumOfCodes<std::int16_t>(context, std::move(plan), ReducedTo::Mean);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel mean_kernel{"MEAN", prepare, kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64};

} // namespace quantloupe
