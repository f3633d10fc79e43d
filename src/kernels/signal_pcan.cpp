// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalPCAN: per-channel automatic gain control. The gain follows the noise estimate by a table of quadratics, one per
// octave; what comes out is compressed.
#include "kernels/kernel.h"

#include <bit>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr int kSnrBits = 12;
constexpr int kOutputBits = 6;
constexpr std::int64_t kTableSize = 4 * 32 - 3; ///< coefficients 0..2 of octave n are at 4 n - 6

std::int16_t gain(std::uint32_t noise, const std::int16_t *table)
{
    if (noise <= 2)
        return table[noise];
    const int octave = std::bit_width(noise);
    const std::int16_t *const c = table + 4 * octave - 6;
    const auto fraction = static_cast<std::int32_t>((octave < 11 ? noise << (11 - octave) : noise >> (octave - 11)) & 0x3FF);
    std::int32_t result = (c[2] * fraction) >> 5;
    result = static_cast<std::int32_t>(static_cast<std::uint32_t>(result) + (static_cast<std::uint32_t>(std::int32_t{c[1]}) << 5));
    result = static_cast<std::int32_t>(static_cast<std::uint32_t>(result) * static_cast<std::uint32_t>(fraction));
    result = static_cast<std::int32_t>(static_cast<std::uint32_t>(result) + (1u << 14)) >> 15;
    return static_cast<std::int16_t>(result + c[0]);
}

std::uint32_t compressed(std::uint32_t snr)
{
    if (snr < (2u << kSnrBits))
        return (snr * snr) >> (2 + 2 * kSnrBits - kOutputBits);
    return (snr >> (kSnrBits - kOutputBits)) - (1u << kOutputBits);
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(3, 3, 1));
    if (context.input(0).type() != DataType::UInt32 || context.input(1).type() != DataType::UInt32 || context.input(2).type() != DataType::Int16
        || context.output().type() != DataType::UInt32)
        return fail(context.unsupported("uint32 signal and noise with an int16 table to uint32", context.typesText()));
    if (context.input(1).elementCount() != context.input(0).elementCount() || context.input(2).elementCount() < kTableSize)
        return fail(context.invalid(fmt::format("as much noise as signal, and a table of {} entries", kTableSize),
                                    fmt::format("{}, {} and {}", context.input(0).shape.text(), context.input(1).shape.text(), context.input(2).shape.text())));
    const std::int64_t shift = context.options().integer("snr_shift");
    if (shift < 0 || shift > 63)
        return fail(context.invalid("an snr_shift from 0 to 63", fmt::format("{}", shift)));
    context.setOutputShape(0, context.input(0).shape);
    return [shift, count = static_cast<std::size_t>(context.input(0).elementCount())](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < count; ++i) {
                const auto factor = static_cast<std::uint32_t>(std::int32_t{gain(run.input<std::uint32_t>(1, sample)[i], run.input<std::int16_t>(2, sample))});
                const auto snr = static_cast<std::uint32_t>((std::uint64_t{run.input<std::uint32_t>(0, sample)[i]} * factor) >> shift);
                run.output<std::uint32_t>(0, sample)[i] = compressed(snr);
            }
        });
    };
}

} // namespace

extern const OperatorKernel signal_pcan_kernel{"SignalPCAN", prepare, kUnsigned};

} // namespace quantloupe
