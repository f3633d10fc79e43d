// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/kernel.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    if (context.output().type() != DataType::Int32)
        return fail(context.unsupported("an output of int32", context.typesText()));
    context.setOutputShape(0, {});
    return [rank = context.input(0).shape.rank()](EvalContext &run) { forEachSample(run, [&](std::size_t sample) { *run.output<std::int32_t>(0, sample) = rank; }); };
}

} // namespace

extern const OperatorKernel rank_kernel{
    .name = "RANK", .prepare = prepare, .types = kFloat32 | kInt8 | kInt16 | kUInt8 | kInt32 | kInt64 | kBool, .isShapeOnly = true};

} // namespace quantloupe
