// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Indices [outer, inner] to [outer, depth, inner]: `on` where the index is the position along depth, `off` elsewhere.
template <typename Index> EvalFunction oneHot(std::size_t outer, std::size_t depth, std::size_t inner, std::size_t size)
{
    return [=](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const Index *indices = run.input<Index>(0, sample);
            const std::byte *const on = run.input<std::byte>(2, sample);
            std::byte *out = run.output<std::byte>(0, sample);
            fillElements(out, outer * depth * inner, run.input<std::byte>(3, sample), size);
            for (std::size_t o = 0; o < outer; ++o, indices += inner, out += depth * inner * size)
                for (std::size_t i = 0; i < inner; ++i)
                    if (indices[i] >= 0 && static_cast<std::uint64_t>(indices[i]) < depth)
                        std::memcpy(out + (static_cast<std::size_t>(indices[i]) * inner + i) * size, on, size);
        });
    };
}

/// ONE_HOT: inputs are indices, depth, the value for `on` and that for `off`; option axis -1 puts depth last.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(4, 4, 1));
    QL_CHECK(requireMovable(context, 2));
    const Shape &indices = context.input(0).shape;
    QL_TRY(const auto depth, integersOperand(context, 1, 1));
    if (context.input(3).type() != context.input(2).type() || context.input(2).elementCount() != 1 || context.input(3).elementCount() != 1)
        return fail(context.invalid("an on and an off value of one type", context.typesText()));
    const std::int64_t option = context.options().integer("axis");
    QL_TRY(const int axis, normalizedAxis(context, option, indices.rank() + 1));
    std::vector<std::int64_t> dims(indices.dims().begin(), indices.dims().end());
    dims.insert(dims.begin() + axis, depth[0]);
    QL_TRY(const Shape shape, shapeOf(context, dims));
    context.setOutputShape(0, shape);
    const auto outer = static_cast<std::size_t>(indices.product(0, axis));
    const auto inner = static_cast<std::size_t>(indices.product(axis, indices.rank()));
    const std::size_t size = elementSize(context.input(2).type());
    switch (context.input(0).type()) {
    case DataType::Int32: return oneHot<std::int32_t>(outer, static_cast<std::size_t>(depth[0]), inner, size);
    case DataType::Int64: return oneHot<std::int64_t>(outer, static_cast<std::size_t>(depth[0]), inner, size);
    default: return fail(context.typeError(0, "int32 or int64"));
    }
}

} // namespace

extern const OperatorKernel one_hot_kernel{"ONE_HOT", prepare, kMovableTypes};

} // namespace quantloupe
