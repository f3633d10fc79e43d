// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalDelay: each row [rows, size] is a stream; it comes out delay_length samples later, zeros first.
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape &input = context.input(0).shape;
    if (context.input(0).type() != DataType::Int16 || context.output().type() != DataType::Int16)
        return fail(context.unsupported("int16", context.typesText()));
    if (input.rank() < 1 || input.elementCount() < 1)
        return fail(context.invalid("samples along a last axis", input.text()));
    const std::int64_t length = context.options().integer("delay_length");
    if (length < 0 || length > (1 << 20))
        return fail(context.invalid("a delay_length from 0 to 2^20", fmt::format("{}", length)));
    const auto size = static_cast<std::size_t>(input[input.rank() - 1]);
    const auto rows = static_cast<std::size_t>(input.elementCount()) / size;
    const auto delay = static_cast<std::size_t>(length);
    context.setOutputShape(0, input);
    context.stateBytes = rows * delay * sizeof(std::int16_t);
    return [size, rows, delay](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t r = 0; r < rows; ++r) {
                const std::int16_t *const in = run.input<std::int16_t>(0, sample) + r * size;
                std::int16_t *const out = run.output<std::int16_t>(0, sample) + r * size;
                std::int16_t *const held = run.operatorState<std::int16_t>(sample) + r * delay; // oldest first
                const std::size_t released = std::min(size, delay);
                std::copy_n(held, released, out);
                std::copy(in, in + size - released, out + released);
                std::copy(held + released, held + delay, held);
                std::copy(in + size - released, in + size, held + delay - released);
            }
        });
    };
}

} // namespace

extern const OperatorKernel signal_delay_kernel{"SignalDelay", prepare, kInt16, true};

} // namespace quantloupe
