// SPDX-License-Identifier: GPL-3.0-or-later
//
// TOPK_V2: the k largest of each row of the last axis, largest first, and their places; of equals the earlier first.
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace quantloupe {
namespace {

struct Rows {
    std::size_t count = 0;
    std::size_t length = 0;
    std::size_t kept = 0;
};

template <typename T, typename Place> void eval(EvalContext &run, const Rows &rows)
{
    auto *const order = run.scratch<std::int32_t>();
    forEachSample(run, [&](std::size_t sample) {
        for (std::size_t r = 0; r < rows.count; ++r) {
            const T *const in = run.input<T>(0, sample) + r * rows.length;
            std::iota(order, order + rows.length, 0);
            std::partial_sort(order, order + rows.kept, order + rows.length,
                              [in](std::int32_t a, std::int32_t b) { return in[a] > in[b] || (!(in[b] > in[a]) && a < b); });
            for (std::size_t i = 0; i < rows.kept; ++i) {
                run.output<T>(0, sample)[r * rows.kept + i] = in[order[i]];
                run.output<Place>(1, sample)[r * rows.kept + i] = static_cast<Place>(order[i]);
            }
        }
    });
}

template <typename T> EvalFunction evalFunction(DataType places, const Rows &rows)
{
    if (places == DataType::Int16)
        return [rows](EvalContext &run) { eval<T, std::int16_t>(run, rows); };
    return [rows](EvalContext &run) { eval<T, std::int32_t>(run, rows); };
}

Result<std::int64_t> kept(const PrepareContext &context)
{
    if (context.input(1).type() == DataType::Int16) {
        QL_TRY(const auto values, context.values<std::int16_t>(1));
        return values.empty() ? std::int64_t{-1} : std::int64_t{values[0]};
    }
    QL_TRY(const auto values, context.values<std::int32_t>(1));
    return values.empty() ? std::int64_t{-1} : std::int64_t{values[0]};
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 2));
    const Shape &input = context.input(0).shape;
    if (input.rank() < 1)
        return fail(context.invalid("an input of rank 1 or more", input.text()));
    if (context.input(1).elementCount() != 1)
        return fail(context.invalid("one number k", context.input(1).shape.text()));
    QL_TRY(const std::int64_t k, kept(context));
    const std::int32_t length = input[input.rank() - 1];
    if (k < 0 || k > length)
        return fail(context.invalid(fmt::format("k of 0 to {}", length), fmt::format("{}", k)));
    const DataType places = context.output(1).type();
    if (places != DataType::Int32 && places != DataType::Int16)
        return fail(context.unsupported("places of int32 or int16", std::string(name(places))));
    if (places == DataType::Int16 && length > 32768)
        return fail(context.invalid("a last axis of at most 32768 for places of int16", fmt::format("{}", length)));
    if (context.output(0).type() != context.input(0).type())
        return fail(context.unsupported("values of the input's type", context.typesText()));
    std::vector<std::int32_t> shape(input.dims().begin(), input.dims().end());
    shape.back() = static_cast<std::int32_t>(k);
    QL_TRY(const Shape result, Shape::make(shape));
    context.setOutputShape(0, result);
    context.setOutputShape(1, result);
    Rows rows;
    rows.length = static_cast<std::size_t>(length);
    rows.kept = static_cast<std::size_t>(k);
    rows.count = length == 0 ? 0 : static_cast<std::size_t>(input.elementCount() / length);
    context.scratchBytes = rows.length * sizeof(std::int32_t);
    switch (context.input(0).type()) {
    case DataType::Float32: return evalFunction<float>(places, rows);
    case DataType::Int8: return evalFunction<std::int8_t>(places, rows);
    case DataType::UInt8: return evalFunction<std::uint8_t>(places, rows);
    case DataType::Int16: return evalFunction<std::int16_t>(places, rows);
    case DataType::Int32: return evalFunction<std::int32_t>(places, rows);
    case DataType::Int64: return evalFunction<std::int64_t>(places, rows);
    default: return fail(context.unsupported("float32, int8, uint8, int16, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel topk_v2_kernel{"TOPK_V2", prepare, kFloat32 | kInt8 | kUInt8 | kInt16 | kInt32 | kInt64};

} // namespace quantloupe
