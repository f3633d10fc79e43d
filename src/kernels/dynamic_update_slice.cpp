// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// DYNAMIC_UPDATE_SLICE: input 0 with input 1 written over it from the indices in input 2 on, which are moved so that
/// it fits.
template <typename Index> EvalFunction updated(PrepareContext &context, std::vector<StridedWalk::Axis> axes)
{
    const Shape &whole = context.input(0).shape;
    const Shape &part = context.input(1).shape;
    const DataType type = context.input(0).type();
    std::vector<std::int64_t> most;
    for (int axis = 0; axis < whole.rank(); ++axis)
        most.push_back(whole[axis] - part[axis]);
    return [copy = ElementCopy(type, StridedWalk(axes)), most = std::move(most), steps = rowMajorSteps(whole), size = static_cast<std::ptrdiff_t>(elementSize(type)),
            bytes = static_cast<std::size_t>(whole.elementCount()) * elementSize(type)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const Index *const start = run.input<Index>(2, sample);
            std::byte *const out = run.output<std::byte>(0, sample);
            std::memcpy(out, run.input<std::byte>(0, sample), bytes);
            std::ptrdiff_t at = 0;
            for (std::size_t axis = 0; axis < most.size(); ++axis)
                at += std::clamp<std::int64_t>(start[axis], 0, most[axis]) * steps[axis];
            copy(run.input<std::byte>(1, sample), out + at * size);
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    QL_CHECK(requireMovable(context));
    const Shape &whole = context.input(0).shape;
    const Shape &part = context.input(1).shape;
    bool fits = part.rank() == whole.rank();
    for (int axis = 0; fits && axis < whole.rank(); ++axis)
        fits = part[axis] <= whole[axis];
    if (!fits || context.input(1).type() != context.input(0).type() || context.input(2).elementCount() != whole.rank())
        return fail(context.invalid(fmt::format("an update that fits into {}, of its type, and {} indices", whole.text(), whole.rank()),
                                    fmt::format("{}, {} and {}", part.text(), context.typesText(), context.input(2).elementCount())));
    context.setOutputShape(0, whole);
    const auto inSteps = rowMajorSteps(part);
    const auto outSteps = rowMajorSteps(whole);
    std::vector<StridedWalk::Axis> axes;
    for (std::size_t axis = 0; axis < inSteps.size(); ++axis)
        axes.push_back({static_cast<std::size_t>(part[static_cast<int>(axis)]), inSteps[axis], outSteps[axis]});
    switch (context.input(2).type()) {
    case DataType::Int32: return updated<std::int32_t>(context, std::move(axes));
    case DataType::Int64: return updated<std::int64_t>(context, std::move(axes));
    default: return fail(context.typeError(2, "int32 or int64"));
    }
}

} // namespace

extern const OperatorKernel dynamic_update_slice_kernel{"DYNAMIC_UPDATE_SLICE", prepare, kMovableTypes};

} // namespace quantloupe
