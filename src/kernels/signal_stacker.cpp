// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalStacker: the last frames of a stream side by side (left context, the frame, right context), every stacker_step
// frames; and whether there are new ones. The first frame stands in for the left context before it.
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Stack {
    std::size_t channels;
    std::size_t left;
    std::size_t frames; ///< left + 1 + right
    std::size_t step;
};

/// What lies at the start of the operator's state; the frames follow.
struct Held {
    std::int32_t hasStarted;
    std::int32_t count;
};

void stack(const Stack &s, const std::int16_t *in, std::byte *state, std::int16_t *out, bool *isNew)
{
    Held &held = *reinterpret_cast<Held *>(state);
    auto *const frames = reinterpret_cast<std::int16_t *>(state + sizeof(Held));
    const std::size_t copies = held.hasStarted ? 1 : s.left + 1;
    held.hasStarted = 1;
    for (std::size_t i = 0; i < copies; ++i)
        std::copy_n(in, s.channels, frames + static_cast<std::size_t>(held.count++) * s.channels);
    *isNew = static_cast<std::size_t>(held.count) >= s.frames;
    if (!*isNew)
        return; // the output stays what it was
    std::copy_n(frames, s.frames * s.channels, out);
    const std::size_t dropped = std::min(s.step, static_cast<std::size_t>(held.count));
    std::copy(frames + dropped * s.channels, frames + static_cast<std::size_t>(held.count) * s.channels, frames);
    held.count -= static_cast<std::int32_t>(dropped);
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 2));
    if (context.input(0).type() != DataType::Int16 || context.output(0).type() != DataType::Int16 || context.output(1).type() != DataType::Bool)
        return fail(context.unsupported("int16 to int16 and bool", context.typesText()));
    const std::int64_t channels = context.options().integer("num_channels");
    const std::int64_t left = context.options().integer("stacker_left_context");
    const std::int64_t right = context.options().integer("stacker_right_context");
    const std::int64_t step = context.options().integer("stacker_step");
    constexpr std::int64_t kMost = 1 << 12;
    if (channels < 1 || channels != context.input(0).elementCount() || left < 0 || left > kMost || right < 0 || right > kMost || step < 1 || step > left + right + 1)
        return fail(context.invalid("num_channels as long as the input, contexts of at least 0 and a step of 1 to the stack's height",
                                    fmt::format("{} channels for {}, contexts {} and {}, step {}", channels, context.input(0).shape.text(), left, right, step)));
    const Stack s{static_cast<std::size_t>(channels), static_cast<std::size_t>(left), static_cast<std::size_t>(left + 1 + right), static_cast<std::size_t>(step)};
    QL_TRY(const Shape output, Shape::make(std::array{static_cast<std::int32_t>(channels * (left + 1 + right))}));
    context.setOutputShape(0, output);
    context.setOutputShape(1, {});
    context.stateBytes = sizeof(Held) + s.frames * s.channels * sizeof(std::int16_t);
    return [s](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            stack(s, run.input<std::int16_t>(0, sample), run.operatorState<std::byte>(sample), run.output<std::int16_t>(0, sample), run.output<bool>(1, sample));
        });
    };
}

} // namespace

extern const OperatorKernel signal_stacker_kernel{"SignalStacker", prepare, kInt16, true};

} // namespace quantloupe
