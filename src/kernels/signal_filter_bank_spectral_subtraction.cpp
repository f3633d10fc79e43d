// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalFilterBankSpectralSubtraction: takes a smoothed estimate of the noise off each channel; the second output is the
// estimate, which the operator keeps.
#include "kernels/kernel.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace quantloupe {
namespace {

struct Subtraction {
    std::array<std::uint64_t, 2> smoothing;    ///< of even and of odd channels
    std::array<std::uint64_t, 2> oneMinusSmoothing;
    std::uint64_t smallest;                    ///< share of the signal that remains at least
    bool isClamping;
    int smoothingBits;
    int fractionBits;

    std::uint32_t operator()(std::uint32_t in, std::uint32_t &noise, std::size_t channel) const
    {
        const std::uint32_t signal = in << smoothingBits;
        noise = static_cast<std::uint32_t>((signal * smoothing[channel % 2] + noise * oneMinusSmoothing[channel % 2]) >> fractionBits);
        const std::uint32_t taken = std::min(noise, signal);
        if (isClamping)
            noise = taken;
        const auto floor = static_cast<std::uint32_t>((in * smallest) >> fractionBits);
        return std::max((signal - taken) >> smoothingBits, floor);
    }
};

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 2));
    if (context.input(0).type() != DataType::UInt32 || context.output(0).type() != DataType::UInt32 || context.output(1).type() != DataType::UInt32)
        return fail(context.unsupported("uint32", context.typesText()));
    const Options &options = context.options();
    const auto unsignedOption = [&](std::string_view name) { return std::uint64_t{static_cast<std::uint32_t>(options.integer(name))}; };
    const std::int64_t smoothingBits = options.integer("smoothing_bits");
    const std::int64_t fractionBits = options.integer("spectral_subtraction_bits");
    if (smoothingBits < 0 || smoothingBits > 31 || fractionBits < 0 || fractionBits > 31)
        return fail(context.invalid("smoothing_bits and spectral_subtraction_bits from 0 to 31", fmt::format("{} and {}", smoothingBits, fractionBits)));
    const Subtraction subtraction{{unsignedOption("smoothing"), unsignedOption("alternate_smoothing")},
                                  {unsignedOption("one_minus_smoothing"), unsignedOption("alternate_one_minus_smoothing")},
                                  unsignedOption("min_signal_remaining"),
                                  options.boolean("clamping"),
                                  static_cast<int>(smoothingBits),
                                  static_cast<int>(fractionBits)};
    const auto count = static_cast<std::size_t>(context.input(0).elementCount());
    context.setOutputShape(0, context.input(0).shape);
    context.setOutputShape(1, context.input(0).shape);
    context.stateBytes = count * sizeof(std::uint32_t);
    return [subtraction, count](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            std::uint32_t *const noise = run.operatorState<std::uint32_t>(sample);
            for (std::size_t i = 0; i < count; ++i)
                run.output<std::uint32_t>(0, sample)[i] = subtraction(run.input<std::uint32_t>(0, sample)[i], noise[i], i);
            std::copy_n(noise, count, run.output<std::uint32_t>(1, sample));
        });
    };
}

} // namespace

extern const OperatorKernel signal_filter_bank_spectral_subtraction_kernel{"SignalFilterBankSpectralSubtraction", prepare, kUnsigned, true};

} // namespace quantloupe
