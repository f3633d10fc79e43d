// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalEnergy: |x|^2 of the complex values from start_index to end_index; the other results are 0 here (the reference
// leaves them unwritten).
#include "kernels/kernel.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    const Shape &input = context.input(0).shape;
    if (context.input(0).type() != DataType::Int16 || context.output().type() != DataType::UInt32)
        return fail(context.unsupported("int16 to uint32", context.typesText()));
    if (input.rank() != 1 || input[0] % 2 != 0)
        return fail(context.invalid("interleaved complex values along one axis", input.text()));
    const std::int64_t bins = input[0] / 2;
    const std::int64_t start = context.options().integer("start_index");
    const std::int64_t end = context.options().integer("end_index");
    if (start < 0 || end < start || end > bins)
        return fail(context.invalid(fmt::format("0 <= start_index <= end_index <= {}", bins), fmt::format("{} and {}", start, end)));
    context.setOutputShape(0, {static_cast<std::int32_t>(bins)});
    return [=](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::int16_t *const in = run.input<std::int16_t>(0, sample);
            std::uint32_t *const out = run.output<std::uint32_t>(0, sample);
            std::fill_n(out, bins, 0u);
            for (std::int64_t k = start; k < end; ++k) {
                const std::int32_t r = in[2 * k];
                const std::int32_t i = in[2 * k + 1];
                out[k] = static_cast<std::uint32_t>(r * r) + static_cast<std::uint32_t>(i * i);
            }
        });
    };
}

} // namespace

extern const OperatorKernel signal_energy_kernel{"SignalEnergy", prepare, kInt16};

} // namespace quantloupe
