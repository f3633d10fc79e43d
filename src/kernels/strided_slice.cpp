// SPDX-License-Identifier: GPL-3.0-or-later
//
// STRIDED_SLICE: Python's x[a:b:c, ..., newaxis, i] spelled as three vectors and bit masks over their positions.
#include "kernels/axes.h"
#include "kernels/element_copy.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Far beyond any dimension, so that sums and products stay in range.
constexpr std::int64_t kFar = std::int64_t{1} << 31;

struct Spec {
    std::vector<std::int64_t> begin;
    std::vector<std::int64_t> end;
    std::vector<std::int64_t> stride;
    std::int64_t beginMask = 0;
    std::int64_t endMask = 0;
    std::int64_t ellipsisMask = 0;
    std::int64_t newAxisMask = 0;
    std::int64_t shrinkMask = 0;
    bool isOffset = false; ///< `end` counts from `begin`
};

bool isSet(std::int64_t mask, std::size_t position)
{
    return position < 63 && (mask >> position & 1) != 0;
}

Result<Spec> spec(const PrepareContext &context)
{
    Spec spec;
    QL_TRY(spec.begin, context.integers(1));
    QL_TRY(spec.end, integersOperand(context, 2, spec.begin.size()));
    QL_TRY(spec.stride, integersOperand(context, 3, spec.begin.size()));
    for (auto *const values : {&spec.begin, &spec.end, &spec.stride})
        for (std::int64_t &value : *values)
            value = std::clamp(value, -kFar, kFar);
    const Options &options = context.options();
    spec.beginMask = options.integer("begin_mask");
    spec.endMask = options.integer("end_mask");
    spec.ellipsisMask = options.integer("ellipsis_mask");
    spec.newAxisMask = options.integer("new_axis_mask");
    spec.shrinkMask = options.integer("shrink_axis_mask");
    spec.isOffset = options.boolean("offset");
    return spec;
}

/// TFLite Micro passes over the two masks, and what goes beyond the input's rank, and refuses when the shape it then gets is
/// not the one stored.
void forgetNewAxes(const PrepareContext &context, Spec &spec)
{
    const std::size_t rank = std::min(spec.begin.size(), static_cast<std::size_t>(context.input(0).shape.rank()));
    spec.newAxisMask = 0;
    spec.ellipsisMask = 0;
    for (auto *const values : {&spec.begin, &spec.end, &spec.stride})
        values->resize(rank);
}

struct Range {
    std::int64_t first = 0;
    std::int64_t count = 0;
    std::int64_t stride = 1;
};

/// What position `i` of the specification picks from an axis of length `size`.
Result<Range> range(const PrepareContext &context, const Spec &spec, std::size_t i, std::int64_t size)
{
    const std::int64_t stride = spec.stride[i];
    if (stride == 0)
        return fail(context.invalid("strides other than 0", "0"));
    const bool forwards = stride > 0;
    const auto clamped = [&](std::int64_t index) { return forwards ? std::clamp<std::int64_t>(index, 0, size) : std::clamp<std::int64_t>(index, -1, size - 1); };
    const auto fromEnd = [size](std::int64_t index) { return index < 0 ? index + size : index; };
    const std::int64_t first = isSet(spec.beginMask, i) ? (forwards ? 0 : size - 1) : clamped(fromEnd(spec.begin[i]));
    if (isSet(spec.shrinkMask, i)) {
        if (first < 0 || first >= size)
            return fail(context.invalid(fmt::format("an index within {} elements", size), fmt::format("{}", spec.begin[i])));
        return Range{first, 1, 1};
    }
    std::int64_t end = forwards ? size : -1;
    if (!isSet(spec.endMask, i))
        end = clamped(spec.isOffset ? first + spec.end[i] : fromEnd(spec.end[i]));
    const std::int64_t step = forwards ? stride : -stride;
    const std::int64_t span = forwards ? end - first : first - end;
    return Range{first, span > 0 ? (span + step - 1) / step : 0, stride};
}

struct Slice {
    Shape shape;
    std::vector<StridedWalk::Axis> axes; ///< `out` filled in afterwards
    std::ptrdiff_t start = 0;
};

/// Axes of the input that an ellipsis stands for.
int ellipsisLength(const Spec &spec, std::size_t at, int axesLeft)
{
    int later = 0;
    for (std::size_t i = at + 1; i < spec.begin.size(); ++i)
        later += !isSet(spec.newAxisMask, i);
    return std::max(0, axesLeft - later);
}

Result<Slice> slice(const PrepareContext &context, const Spec &spec)
{
    const Shape &input = context.input(0).shape;
    const auto steps = rowMajorSteps(input);
    Slice result;
    std::vector<std::int64_t> dims;
    int axis = 0;
    const auto takeWhole = [&] {
        dims.push_back(input[axis]);
        result.axes.push_back({static_cast<std::size_t>(input[axis]), steps[static_cast<std::size_t>(axis)], 0});
        ++axis;
    };
    for (std::size_t i = 0; i < spec.begin.size(); ++i) {
        if (isSet(spec.ellipsisMask, i)) {
            for (int left = ellipsisLength(spec, i, input.rank() - axis); left > 0; --left)
                takeWhole();
            continue;
        }
        if (isSet(spec.newAxisMask, i)) {
            dims.push_back(1);
            result.axes.push_back({});
            continue;
        }
        if (axis >= input.rank())
            return fail(context.invalid(fmt::format("at most {} indices", input.rank()), fmt::format("{}", spec.begin.size())));
        QL_TRY(const Range picked, range(context, spec, i, input[axis]));
        result.start += picked.first * steps[static_cast<std::size_t>(axis)];
        if (!isSet(spec.shrinkMask, i)) {
            dims.push_back(picked.count);
            result.axes.push_back({static_cast<std::size_t>(picked.count), picked.stride * steps[static_cast<std::size_t>(axis)], 0});
        }
        ++axis;
    }
    while (axis < input.rank())
        takeWhole();
    QL_TRY(result.shape, shapeOf(context, dims));
    return result;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(4, 4, 1));
    QL_CHECK(requireMovable(context));
    QL_TRY(Spec written, spec(context));
    const bool forgets = (written.newAxisMask != 0 || written.ellipsisMask != 0) && !context.traits().stridedSliceHasNewAxes;
    if (forgets)
        forgetNewAxes(context, written);
    QL_TRY(Slice result, slice(context, written));
    if (forgets && result.shape != context.output().shape)
        return fail(context.unsupported("no new_axis_mask or ellipsis_mask", "one"));
    const auto outSteps = rowMajorSteps(result.shape);
    for (std::size_t i = 0; i < outSteps.size(); ++i)
        result.axes[i].out = outSteps[i];
    context.setOutputShape(0, result.shape);
    return copied(context.input(0).type(), StridedWalk(result.axes, result.start));
}

} // namespace

extern const OperatorKernel strided_slice_kernel{"STRIDED_SLICE", prepare, kMovableTypes};

} // namespace quantloupe
