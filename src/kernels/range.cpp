// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/axes.h"

#include <cmath>
#include <fmt/format.h>
#include <type_traits>

namespace quantloupe {
namespace {

/// Steps from start to before limit; 0 when delta leads away from it.
std::int64_t stepCount(std::int64_t start, std::int64_t limit, std::int64_t delta)
{
    // Distances in unsigned arithmetic, which holds those between any two numbers.
    const std::uint64_t distance = delta > 0 ? static_cast<std::uint64_t>(limit) - static_cast<std::uint64_t>(start) : static_cast<std::uint64_t>(start) - static_cast<std::uint64_t>(limit);
    const std::uint64_t step = delta > 0 ? static_cast<std::uint64_t>(delta) : std::uint64_t{0} - static_cast<std::uint64_t>(delta);
    const std::uint64_t count = distance / step + (distance % step != 0 ? 1 : 0);
    return static_cast<std::int64_t>(std::min<std::uint64_t>(count, std::uint64_t{1} << 40)); // shapeOf refuses it
}
std::int64_t stepCount(float start, float limit, float delta)
{
    const float count = std::ceil(std::abs((limit - start) / delta));
    return count < 1e12f ? static_cast<std::int64_t>(count) : std::int64_t{1} << 40;
}

template <typename T> Result<EvalFunction> prepareAs(PrepareContext &context)
{
    T values[3];
    for (std::size_t i = 0; i < 3; ++i) {
        QL_TRY(const auto value, context.values<T>(i));
        if (value.size() != 1)
            return fail(context.invalid("start, limit and delta as one number each", context.input(i).shape.text()));
        values[i] = value[0];
    }
    const auto [start, limit, delta] = values;
    const bool isTowards = delta > 0 ? start <= limit : delta < 0 && start >= limit;
    if (!isTowards)
        return fail(Error{ErrorCode::RuntimeFault, {.expected = "a delta that leads from start to limit", .got = fmt::format("{} to {} by {}", start, limit, delta)}});
    using Wide = std::conditional_t<std::is_integral_v<T>, std::int64_t, float>;
    const std::int64_t count = stepCount(static_cast<Wide>(start), static_cast<Wide>(limit), static_cast<Wide>(delta));
    QL_TRY(const Shape shape, shapeOf(context, {&count, 1}));
    context.setOutputShape(0, shape);
    return [start = start, delta = delta, count](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            T value = start;
            for (std::int64_t i = 0; i < count; ++i) {
                run.output<T>(0, sample)[i] = value;
                if (i + 1 < count) // past the limit it might not fit
                    value = static_cast<T>(value + delta);
            }
        });
    };
}

/// RANGE: start, start + delta, ... before limit. Its length depends on values.
Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the inputs' type", context.typesText()));
    switch (context.input(0).type()) {
    case DataType::Float32: return prepareAs<float>(context);
    case DataType::Int32: return prepareAs<std::int32_t>(context);
    case DataType::Int64: return prepareAs<std::int64_t>(context);
    default: return fail(context.unsupported("float32, int32 or int64", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel range_kernel{"RANGE", prepare, kFloat32 | kInt32 | kInt64};

} // namespace quantloupe
