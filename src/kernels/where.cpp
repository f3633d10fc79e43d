// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"

namespace quantloupe {
namespace {

/// WHERE: the coordinates of all elements other than 0, one row each. Their number is known only at run time.
template <typename T> Result<EvalFunction> coordinates(PrepareContext &context)
{
    QL_TRY(const auto values, context.values<T>(0));
    const Shape shape = context.input(0).shape;
    std::vector<std::int64_t> found;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == T{})
            continue;
        auto rest = static_cast<std::int64_t>(i);
        for (const std::ptrdiff_t step : rowMajorSteps(shape)) {
            found.push_back(rest / step);
            rest %= step;
        }
    }
    const std::int64_t rank = shape.rank();
    const std::int64_t dims[] = {rank > 0 ? static_cast<std::int64_t>(found.size()) / rank : values[0] != T{} ? 1 : 0, rank};
    QL_TRY(const Shape output, shapeOf(context, dims));
    context.setOutputShape(0, output);
    return [found = std::move(found)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            if (!found.empty())
                std::memcpy(run.output<std::int64_t>(0, sample), found.data(), found.size() * sizeof(std::int64_t));
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    if (context.output().type() != DataType::Int64)
        return fail(context.unsupported("an output of int64", context.typesText()));
    switch (context.input(0).type()) {
    case DataType::Bool: return coordinates<bool>(context);
    case DataType::Float32: return coordinates<float>(context);
    case DataType::Int8: return coordinates<std::int8_t>(context);
    case DataType::UInt8: return coordinates<std::uint8_t>(context);
    case DataType::Int32: return coordinates<std::int32_t>(context);
    case DataType::UInt32: return coordinates<std::uint32_t>(context);
    case DataType::Int64: return coordinates<std::int64_t>(context);
    default: return fail(context.typeError(0, "bool, float32, int8, uint8, int32, uint32 or int64"));
    }
}

} // namespace

extern const OperatorKernel where_kernel{"WHERE", prepare, kFloat32 | kInt8 | kUInt8 | kInt32 | kInt64 | kBool};

} // namespace quantloupe
