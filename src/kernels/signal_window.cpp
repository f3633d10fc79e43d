// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalWindow: samples [..., size] times a window [size], shifted right.
#include "kernels/fixed_point.h"
#include "kernels/kernel.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    const Shape &input = context.input(0).shape;
    const Shape &window = context.input(1).shape;
    if (context.input(0).type() != DataType::Int16 || context.input(1).type() != DataType::Int16 || context.output().type() != DataType::Int16)
        return fail(context.unsupported("int16", context.typesText()));
    if (input.rank() < 1 || window.rank() != 1 || window[0] < 1 || input[input.rank() - 1] != window[0])
        return fail(context.invalid("a window as long as the input's last axis", fmt::format("{} and {}", input.text(), window.text())));
    const std::int64_t shift = context.options().integer("shift");
    if (shift < 0 || shift > 31)
        return fail(context.invalid("a shift from 0 to 31", fmt::format("{}", shift)));
    context.setOutputShape(0, input);
    return [count = static_cast<std::size_t>(input.elementCount()), size = static_cast<std::size_t>(window[0]), shift](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::int16_t *const in = run.input<std::int16_t>(0, sample);
            const std::int16_t *const weights = run.input<std::int16_t>(1, sample);
            std::int16_t *const out = run.output<std::int16_t>(0, sample);
            for (std::size_t i = 0; i < count; ++i)
                out[i] = fixed_point::saturate<std::int16_t>((std::int32_t{in[i]} * weights[i % size]) >> shift);
        });
    };
}

} // namespace

extern const OperatorKernel signal_window_kernel{"SignalWindow", prepare, kInt16};

} // namespace quantloupe
