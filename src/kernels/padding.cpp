// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/padding.h"

#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <fmt/format.h>

namespace quantloupe {
std::array<std::byte, 8> zeroElement(const OperandDesc &output)
{
    std::array<std::byte, 8> element{};
    const std::int64_t zero = output.zeroPoint(); // little-endian: the low bytes are the element
    if (isQuantizable(output.type()))
        std::memcpy(element.data(), &zero, elementSize(output.type()));
    return element;
}

Result<Padding> paddingOperand(const PrepareContext &context, std::size_t input, int rank)
{
    constexpr std::int64_t kMost = std::int64_t{1} << 31; // so that sums stay in range; shapes end there anyway
    QL_TRY(const auto table, integersOperand(context, input, static_cast<std::size_t>(rank) * 2));
    Padding padding;
    for (std::size_t i = 0; i < table.size(); i += 2) {
        if (table[i] < 0 || table[i + 1] < 0 || table[i] > kMost || table[i + 1] > kMost)
            return fail(context.invalid("paddings of 0 or more", fmt::format("{} and {}", table[i], table[i + 1])));
        padding.before.push_back(table[i]);
        padding.after.push_back(table[i + 1]);
    }
    return padding;
}

Result<Shape> paddedShape(const PrepareContext &context, const Shape &shape, const Padding &padding)
{
    std::vector<std::int64_t> dims;
    for (std::size_t axis = 0; axis < padding.before.size(); ++axis)
        dims.push_back(padding.before[axis] + shape[static_cast<int>(axis)] + padding.after[axis]);
    return shapeOf(context, dims);
}

Result<EvalFunction> preparePad(PrepareContext &context)
{
    QL_CHECK(requireMovable(context));
    const OperandDesc &input = context.input(0);
    QL_TRY(const Padding padding, paddingOperand(context, 1, input.shape.rank()));
    QL_TRY(const Shape shape, paddedShape(context, input.shape, padding));
    const bool hasFill = context.hasInput(2);
    if (hasFill && (context.input(2).type() != input.type() || context.input(2).elementCount() != 1))
        return fail(context.invalid("one fill value of the input's type", fmt::format("{} of shape {}", context.typesText(), context.input(2).shape.text())));
    context.setOutputShape(0, shape);

    const auto inSteps = rowMajorSteps(input.shape);
    const auto outSteps = rowMajorSteps(shape);
    std::vector<StridedWalk::Axis> axes;
    std::ptrdiff_t start = 0;
    for (std::size_t axis = 0; axis < inSteps.size(); ++axis) {
        axes.push_back({static_cast<std::size_t>(input.shape[static_cast<int>(axis)]), inSteps[axis], outSteps[axis]});
        start += padding.before[axis] * outSteps[axis];
    }
    const ElementCopy copy(input.type(), StridedWalk(axes, 0, start));
    return [copy, hasFill, zero = zeroElement(context.output()), count = static_cast<std::size_t>(shape.elementCount())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            copy.copyAmid(hasFill ? run.input<std::byte>(2, sample) : zero.data(), run.input<std::byte>(0, sample), run.output<std::byte>(0, sample), count);
        });
    };
}

} // namespace quantloupe
