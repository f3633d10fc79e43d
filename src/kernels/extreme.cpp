// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/extreme.h"

#include "kernels/axes.h"
#include "kernels/reduction.h"

#include <limits>

namespace quantloupe {
namespace {

template <typename T> EvalFunction reducedExtreme(PrepareContext &context, Reduction plan, Extreme extreme)
{
    const auto keep = [](T x) { return x; };
    if (extreme == Extreme::Max)
        return reduced<T, T>(context, std::move(plan), std::numeric_limits<T>::lowest(), [](T best, T x) { return x > best ? x : best; }, keep);
    return reduced<T, T>(context, std::move(plan), std::numeric_limits<T>::max(), [](T best, T x) { return x < best ? x : best; }, keep);
}

/// Input [outer, length, inner] to positions [outer, inner].
struct Columns {
    std::size_t outer = 0;
    std::size_t length = 0;
    std::size_t inner = 0;
};

template <typename T, typename Position, typename Better> EvalFunction positions(const Columns &columns, Better better)
{
    return [columns, better](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const T *block = run.input<T>(0, sample);
            Position *out = run.output<Position>(0, sample);
            for (std::size_t o = 0; o < columns.outer; ++o, block += columns.length * columns.inner) {
                for (std::size_t i = 0; i < columns.inner; ++i) {
                    std::size_t best = 0;
                    for (std::size_t k = 1; k < columns.length; ++k)
                        if (better(block[k * columns.inner + i], block[best * columns.inner + i]))
                            best = k;
                    *out++ = static_cast<Position>(best);
                }
            }
        });
    };
}

template <typename T, typename Position> EvalFunction positions(const Columns &columns, Extreme extreme)
{
    return extreme == Extreme::Max ? positions<T, Position>(columns, [](T x, T best) { return x > best; }) : positions<T, Position>(columns, [](T x, T best) { return x < best; });
}

template <typename T> Result<EvalFunction> positions(const PrepareContext &context, const Columns &columns, Extreme extreme)
{
    switch (context.output().type()) {
    case DataType::Int32: return positions<T, std::int32_t>(columns, extreme);
    case DataType::Int64: return positions<T, std::int64_t>(columns, extreme);
    default: return fail(context.unsupported("an output of int32 or int64", context.typesText()));
    }
}

} // namespace

Result<EvalFunction> prepareReducedExtreme(PrepareContext &context, Extreme extreme)
{
    QL_TRY(Reduction plan, reduction(context));
    switch (context.input(0).type()) {
    case DataType::Float32: return reducedExtreme<float>(context, std::move(plan), extreme);
    case DataType::Int8: return reducedExtreme<std::int8_t>(context, std::move(plan), extreme);
    case DataType::UInt8: return reducedExtreme<std::uint8_t>(context, std::move(plan), extreme);
    case DataType::Int16: return reducedExtreme<std::int16_t>(context, std::move(plan), extreme);
    case DataType::Int32: return reducedExtreme<std::int32_t>(context, std::move(plan), extreme);
    case DataType::Int64: return reducedExtreme<std::int64_t>(context, std::move(plan), extreme);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

Result<EvalFunction> prepareExtremePosition(PrepareContext &context, Extreme extreme)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const Shape &input = context.input(0).shape;
    QL_TRY(const int axis, axisOperand(context, 1, input.rank()));
    if (input[axis] < 1)
        return fail(context.invalid("at least one element to choose from", input.text()));
    Shape shape;
    for (int i = 0; i < input.rank(); ++i)
        if (i != axis)
            shape.append(input[i]);
    context.setOutputShape(0, shape);
    const Columns columns{static_cast<std::size_t>(input.product(0, axis)), static_cast<std::size_t>(input[axis]), static_cast<std::size_t>(input.product(axis + 1, input.rank()))};
    switch (context.input(0).type()) {
    case DataType::Float32: return positions<float>(context, columns, extreme);
    case DataType::Int8: return positions<std::int8_t>(context, columns, extreme);
    case DataType::UInt8: return positions<std::uint8_t>(context, columns, extreme);
    case DataType::Int32: return positions<std::int32_t>(context, columns, extreme);
    case DataType::Bool: return positions<bool>(context, columns, extreme);
    default: return fail(context.unsupported("float32, int8, uint8, int32 or bool", context.typesText()));
    }
}

} // namespace quantloupe
