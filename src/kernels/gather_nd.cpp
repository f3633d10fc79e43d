// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/index_rows.h"

namespace quantloupe {
namespace {

template <typename Index> EvalFunction gathered(const IndexRows &rows, std::size_t elementSize)
{
    return [rows, elementSize, bytes = rows.sliceElements * elementSize](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::byte *const in = run.input<std::byte>(0, sample);
            const Index *row = run.input<Index>(1, sample);
            std::byte *out = run.output<std::byte>(0, sample);
            for (std::size_t i = 0; i < rows.rows; ++i, row += rows.depth, out += bytes) {
                const std::ptrdiff_t at = rows.sliceAt(run, row);
                if (at < 0)
                    return;
                if (bytes > 0)
                    std::memcpy(out, in + static_cast<std::size_t>(at) * elementSize, bytes);
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    const Shape &indices = context.input(1).shape;
    QL_TRY(const IndexRows rows, indexRows(context, indices, input));
    std::vector<std::int64_t> dims(indices.dims().begin(), indices.dims().end() - 1);
    dims.insert(dims.end(), input.dims().begin() + static_cast<std::ptrdiff_t>(rows.depth), input.dims().end());
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    const std::size_t size = elementSize(context.input(0).type());
    switch (context.input(1).type()) {
    case DataType::Int16: return gathered<std::int16_t>(rows, size);
    case DataType::Int32: return gathered<std::int32_t>(rows, size);
    case DataType::Int64: return gathered<std::int64_t>(rows, size);
    default: return fail(context.typeError(1, "int16, int32 or int64"));
    }
}

} // namespace

extern const OperatorKernel gather_nd_kernel{"GATHER_ND", prepare, kMovableTypes};

} // namespace quantloupe
