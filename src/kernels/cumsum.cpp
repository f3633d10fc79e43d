// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/activation.h"
#include "kernels/axes.h"
#include "kernels/fixed_point.h"
#include "kernels/reduction.h"

#include <cmath>
#include <fmt/format.h>
#include <type_traits>

namespace quantloupe {
namespace {

/// Sums run along the middle axis of [outer, length, inner].
struct Columns {
    std::size_t outer = 0;
    std::size_t length = 0;
    std::size_t inner = 0;
    bool isExclusive = false; ///< element i holds the sum before it
    bool isReverse = false;   ///< from the end
};

template <typename T, typename Sum, typename Add, typename Finish> EvalFunction runningSums(const Columns &columns, Sum start, Add add, Finish finish)
{
    return [=](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const T *const in = run.input<T>(0, sample);
            T *const out = run.output<T>(0, sample);
            for (std::size_t o = 0; o < columns.outer; ++o) {
                for (std::size_t i = 0; i < columns.inner; ++i) {
                    Sum sum = start;
                    for (std::size_t k = 0; k < columns.length; ++k) {
                        const std::size_t step = columns.isReverse ? columns.length - 1 - k : k;
                        const std::size_t at = (o * columns.length + step) * columns.inner + i;
                        const Sum before = sum;
                        sum = add(sum, in[at]);
                        out[at] = finish(columns.isExclusive ? before : sum);
                    }
                }
            }
        });
    };
}

/// int8 as TFLite Micro has it: like ADD, terms are brought to half their scale with 20 more bits.
Result<EvalFunction> sumsOfCodes(PrepareContext &context, const Columns &columns)
{
    constexpr int kLeftShift = 20;
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    const double twiceScale = 2.0 * static_cast<double>(input.scale());
    const double factor = twiceScale / (static_cast<double>(1 << kLeftShift) * static_cast<double>(output.scale()));
    if (!(factor > 0.0) || !(factor < 1.0))
        return fail(context.unsupported("scales above 0, and an output scale that is not far smaller than the input's", fmt::format("{} and {}", input.scale(), output.scale())));
    const auto half = fixed_point::multiplierOf(0.5);
    const auto toOutput = fixed_point::multiplierOf(factor);
    const CodeClamp clamp = codeClamp(Activation::None, output);
    const auto scaled = [half, zeroPoint = input.zeroPoint()](std::int32_t x) { return fixed_point::multiply(fixed_point::wrappingShiftLeft(x - zeroPoint, kLeftShift), half); };
    // A defect of the reference: sums start from what code 0 stands for instead of from real 0.
    return runningSums<std::int8_t, std::int32_t>(
        columns, scaled(0), [scaled](std::int32_t sum, std::int8_t x) { return wrappingSum(sum, scaled(x)); },
        [=, zeroPoint = output.zeroPoint()](std::int32_t sum) { return static_cast<std::int8_t>(clamp(fixed_point::multiply(sum, toOutput) + zeroPoint)); });
}

template <typename T> EvalFunction plainSums(const Columns &columns)
{
    const auto add = [](T sum, T x) {
        if constexpr (std::is_floating_point_v<T>)
            return sum + x;
        else
            return wrappingSum(sum, x);
    };
    return runningSums<T, T>(columns, T{}, add, [](T sum) { return sum; });
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const Shape &shape = context.input(0).shape;
    QL_TRY(const int axis, axisOperand(context, 1, shape.rank()));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    context.setOutputShape(0, shape);
    const Columns columns{static_cast<std::size_t>(shape.product(0, axis)), static_cast<std::size_t>(shape[axis]), static_cast<std::size_t>(shape.product(axis + 1, shape.rank())),
                          context.options().boolean("exclusive"), context.options().boolean("reverse")};
    switch (context.input(0).type()) {
    case DataType::Float32: return plainSums<float>(columns);
    case DataType::Int32: return plainSums<std::int32_t>(columns);
    case DataType::Int64: return plainSums<std::int64_t>(columns);
    case DataType::Int8: return sumsOfCodes(context, columns);
    default: return fail(context.unsupported("float32, int8, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel cumsum_kernel{"CUMSUM", prepare, kFloat32 | kInt8 | kInt32 | kInt64};

} // namespace quantloupe
