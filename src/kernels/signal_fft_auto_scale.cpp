// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalFftAutoScale: samples shifted left until the largest fills its 16 bits, and by how many bits.
#include "kernels/fixed_point.h"
#include "kernels/kernel.h"

namespace quantloupe {
namespace {

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 2));
    if (context.input(0).type() != DataType::Int16 || context.output(0).type() != DataType::Int16 || context.output(1).type() != DataType::Int32)
        return fail(context.unsupported("int16 to int16 and int32", context.typesText()));
    context.setOutputShape(0, context.input(0).shape);
    context.setOutputShape(1, {});
    return [count = static_cast<std::size_t>(context.input(0).elementCount())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            const std::int16_t *const in = run.input<std::int16_t>(0, sample);
            std::int32_t largest = 0;
            for (std::size_t i = 0; i < count; ++i)
                largest = std::max(largest, std::abs(std::int32_t{in[i]}));
            const int bits = std::max(fixed_point::countLeadingZeros(static_cast<std::uint32_t>(largest)) - 17, 0);
            for (std::size_t i = 0; i < count; ++i)
                run.output<std::int16_t>(0, sample)[i] = static_cast<std::int16_t>(in[i] * (1 << bits));
            *run.output<std::int32_t>(1, sample) = bits;
        });
    };
}

} // namespace

extern const OperatorKernel signal_fft_auto_scale_kernel{"SignalFftAutoScale", prepare, kInt16};

} // namespace quantloupe
