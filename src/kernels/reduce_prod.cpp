// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"
#include "kernels/reduction.h"
#include "kernels/requantize.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

template <typename T> EvalFunction productOfIntegers(PrepareContext &context, Reduction plan)
{
    return reduced<T, T>(
        context, std::move(plan), T{1}, [](T product, T x) { return static_cast<T>(static_cast<std::uint64_t>(product) * static_cast<std::uint64_t>(x)); }, // wraps
        [](T product) { return product; });
}

/// A product of codes so far; whether it has begun, since its first factor is taken as it is.
struct Product {
    std::int32_t value = 0;
    bool hasBegun = false;
};

/// Codes: after every factor the product is scaled by input scale / n-th root of the output scale, n being the number of
/// factors, which leaves it in the output's scale after the last.
template <typename Code> Result<EvalFunction> productOfCodes(PrepareContext &context, Reduction plan)
{
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    if (!(input.scale() > 0.0f) || !(output.scale() > 0.0f) || plan.reduced == 0)
        return fail(context.invalid("scales above 0 and at least one factor", fmt::format("{}, {} and {}", input.scale(), output.scale(), input.shape.text())));
    const double factor = static_cast<double>(input.scale()) / std::pow(static_cast<double>(output.scale()), 1.0 / static_cast<double>(plan.reduced));
    const auto multiplier = fixed_point::multiplierOf(factor);
    const Requantizer requantize{{multiplier}, output.zeroPoint(), codeClamp(Activation::None, output)};
    return reduced<Code, Product>(
        context, std::move(plan), Product{},
        [multiplier, zeroPoint = input.zeroPoint()](Product product, Code x) {
            const std::int32_t centred = x - zeroPoint;
            if (!product.hasBegun)
                return Product{centred, true};
            return Product{fixed_point::multiply(static_cast<std::int64_t>(product.value) * centred, multiplier), true};
        },
        [requantize](Product product) { return static_cast<Code>(requantize(static_cast<std::int64_t>(product.value), 0)); });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_TRY(Reduction plan, reduction(context));
    switch (context.input(0).type()) {
    case DataType::Float32:
        return reduced<float, float>(context, std::move(plan), 1.0f, [](float product, float x) { return product * x; }, [](float product) { return product; });
    case DataType::Int32: return productOfIntegers<std::int32_t>(context, std::move(plan));
    case DataType::Int64: return productOfIntegers<std::int64_t>(context, std::move(plan));
    case DataType::Int8: return productOfCodes<std::int8_t>(context, std::move(plan));
    case DataType::Int16: return productOfCodes<std::int16_t>(context, std::move(plan));
    default: return fail(context.unsupported("float32, int8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel reduce_prod_kernel{"REDUCE_PROD", prepare, kFloat32 | kInt8 | kInt16 | kInt32 | kInt64};

} // namespace quantloupe
