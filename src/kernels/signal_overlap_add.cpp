// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalOverlapAdd: frames [rows, frames, size] back to streams [rows, frames x frame_step]; where frames overlap they
// are added.
#include "kernels/fixed_point.h"
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Geometry {
    std::size_t rows;
    std::size_t frames;
    std::size_t size;
    std::size_t step;
};

template <typename T> EvalFunction prepareTyped(PrepareContext &context, const Geometry &g)
{
    context.stateBytes = g.rows * g.size * sizeof(T);
    return [g](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < g.rows * g.frames; ++i) {
                const T *const in = run.input<T>(0, sample) + i * g.size;
                T *const sums = run.operatorState<T>(sample) + i / g.frames * g.size;
                for (std::size_t k = 0; k < g.size; ++k) {
                    if constexpr (std::is_floating_point_v<T>)
                        sums[k] = in[k] + sums[k];
                    else
                        sums[k] = fixed_point::saturate<T>(std::int32_t{in[k]} + sums[k]);
                }
                std::copy_n(sums, g.step, run.output<T>(0, sample) + i * g.step);
                std::copy(sums + g.step, sums + g.size, sums);
                std::fill_n(sums + g.size - g.step, g.step, T{0});
            }
        });
    };
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape &input = context.input(0).shape;
    const std::int64_t step = context.options().integer("frame_step");
    if (input.rank() < 2 || input.elementCount() < 1 || step < 1 || step > input[input.rank() - 1])
        return fail(context.invalid("frames [..., frames, size] with 1 <= frame_step <= size", fmt::format("{} and {}", input.text(), step)));
    if (context.output().type() != context.input(0).type())
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    const int rank = input.rank();
    std::vector<std::int32_t> dims(input.dims().begin(), input.dims().end() - 1);
    dims.back() = static_cast<std::int32_t>(input[rank - 2] * step); // at most the input's elements
    QL_TRY(const Shape output, Shape::make(dims));
    context.setOutputShape(0, output);
    const Geometry g{static_cast<std::size_t>(input.product(0, rank - 2)), static_cast<std::size_t>(input[rank - 2]), static_cast<std::size_t>(input[rank - 1]),
                     static_cast<std::size_t>(step)};
    switch (context.input(0).type()) {
    case DataType::Float32: return prepareTyped<float>(context, g);
    case DataType::Int16: return prepareTyped<std::int16_t>(context, g);
    default: return fail(context.unsupported("float32 or int16", context.typesText()));
    }
}

} // namespace

extern const OperatorKernel signal_overlap_add_kernel{"SignalOverlapAdd", prepare, kFloat32 | kInt16, true};

} // namespace quantloupe
