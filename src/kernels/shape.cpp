// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/kernel.h"

namespace quantloupe {
namespace {

template <typename T> EvalFunction dimensions(const Shape &shape)
{
    return [shape](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (int axis = 0; axis < shape.rank(); ++axis)
                run.output<T>(0, sample)[axis] = shape[axis];
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape shape = context.input(0).shape;
    context.setOutputShape(0, {shape.rank()});
    switch (context.output().type()) {
    case DataType::Int32: return dimensions<std::int32_t>(shape);
    case DataType::Int64: return dimensions<std::int64_t>(shape);
    default: return fail(context.unsupported("an output of int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel shape_kernel{
    .name = "SHAPE", .prepare = prepare, .types = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool, .isShapeOnly = true};

} // namespace quantloupe
