// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"
#include "kernels/element_copy.h"
#include "kernels/index_tables.h"
#include "kernels/padding.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Where each index of the padded axis lies in an axis of `length`, mirrored at its ends. REFLECT leaves the edge itself
/// out, SYMMETRIC repeats it.
std::vector<std::ptrdiff_t> mirrored(std::int64_t length, std::int64_t before, std::int64_t after, bool isReflect, std::ptrdiff_t step)
{
    const std::int64_t skipped = isReflect ? 1 : 0;
    std::vector<std::ptrdiff_t> table;
    for (std::int64_t i = -before; i < length + after; ++i) {
        const std::int64_t at = i < 0 ? -i - 1 + skipped : i >= length ? 2 * length - 1 - skipped - i : i;
        table.push_back(at * step);
    }
    return table;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    QL_CHECK(requireMovable(context));
    const Shape &input = context.input(0).shape;
    QL_TRY(const Padding padding, paddingOperand(context, 1, input.rank()));
    QL_TRY(const Shape shape, paddedShape(context, input, padding));
    const bool isReflect = context.options().integer("mode") == 0;
    const auto steps = rowMajorSteps(input);
    std::vector<std::vector<std::ptrdiff_t>> tables;
    for (std::size_t axis = 0; axis < steps.size(); ++axis) {
        const std::int64_t length = input[static_cast<int>(axis)];
        const std::int64_t most = isReflect ? length - 1 : length;
        if (padding.before[axis] > most || padding.after[axis] > most)
            return fail(context.invalid(fmt::format("at most {} mirrored elements on axis {}", most, axis), fmt::format("{} and {}", padding.before[axis], padding.after[axis])));
        tables.push_back(mirrored(length, padding.before[axis], padding.after[axis], isReflect, steps[axis]));
    }
    context.setOutputShape(0, shape);
    return [map = IndexTables(context.input(0).type(), std::move(tables), 1)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) { map.gather(run.input<std::byte>(0, sample), run.output<std::byte>(0, sample)); });
    };
}

} // namespace

extern const OperatorKernel mirror_pad_kernel{"MIRROR_PAD", prepare, kMovableTypes};

} // namespace quantloupe
