// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalFramer: streams [rows, frames x frame_step] to overlapping frames [rows, frames, frame_size], zeros before the
// first sample (option prefill); and whether the frames are filled.
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 2));
    const Shape &input = context.input(0).shape;
    if (context.input(0).type() != DataType::Int16 || context.output(0).type() != DataType::Int16 || context.output(1).type() != DataType::Bool)
        return fail(context.unsupported("int16 to int16 and bool", context.typesText()));
    const std::int64_t step = context.options().integer("frame_step");
    const std::int64_t size = context.options().integer("frame_size");
    if (step < 1 || size < step || size > (1 << 20) || input.rank() < 1 || input.rank() >= Shape::kMaxRank || input.elementCount() < 1 || input[input.rank() - 1] % step != 0)
        return fail(context.invalid("1 <= frame_step <= frame_size, and frame_step a divisor of the last axis", fmt::format("{}, {} and {}", step, size, input.text())));
    if (!context.options().boolean("prefill"))
        return fail(context.unsupported("the option prefill (the reference leaves the first frames unwritten without it)", "no prefill"));
    std::vector<std::int32_t> dims(input.dims().begin(), input.dims().end());
    dims.back() = static_cast<std::int32_t>(input[input.rank() - 1] / step);
    const auto frames = static_cast<std::size_t>(dims.back());
    const auto rows = static_cast<std::size_t>(input.elementCount() / input[input.rank() - 1]);
    dims.push_back(static_cast<std::int32_t>(size));
    QL_TRY(const Shape output, Shape::make(dims));
    context.setOutputShape(0, output);
    context.setOutputShape(1, {});
    const auto overlap = static_cast<std::size_t>(size - step);
    context.stateBytes = rows * overlap * sizeof(std::int16_t);
    return [frames, rows, overlap, step = static_cast<std::size_t>(step)](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t r = 0; r < rows; ++r) {
                std::int16_t *const held = run.operatorState<std::int16_t>(sample) + r * overlap;
                for (std::size_t f = 0; f < frames; ++f) {
                    std::int16_t *const out = run.output<std::int16_t>(0, sample) + (r * frames + f) * (overlap + step);
                    std::copy_n(held, overlap, out);
                    std::copy_n(run.input<std::int16_t>(0, sample) + (r * frames + f) * step, step, out + overlap);
                    std::copy_n(out + step, overlap, held);
                }
            }
            *run.output<bool>(1, sample) = true;
        });
    };
}

} // namespace

extern const OperatorKernel signal_framer_kernel{"SignalFramer", prepare, kInt16, true};

} // namespace quantloupe
