// SPDX-License-Identifier: GPL-3.0-or-later
//
// SignalFilterBankLog: output_scale x natural logarithm of the input, in fixed point with 16 fractional bits.
#include "kernels/kernel.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::uint32_t kFractionBits = 16;
constexpr std::uint32_t kSegmentBits = 7;
constexpr std::uint32_t kLog2 = 45426; ///< ln(2) x 2^16
constexpr std::uint32_t kHalf = 1u << (kFractionBits - 1);

/// log2(1 + x) - x at the ends of 128 segments of [0, 1].
using Table = std::array<std::int32_t, (1u << kSegmentBits) + 2>;

Table makeTable()
{
    Table table{};
    for (std::size_t i = 0; i <= (1u << kSegmentBits); ++i) {
        const double x = static_cast<double>(i) / (1u << kSegmentBits);
        table[i] = static_cast<std::int32_t>(std::round(65536.0 * (std::log2(1.0 + x) - x)));
    }
    return table;
}

std::uint32_t scaledLog(std::uint32_t x, std::uint32_t scale, const Table &table)
{
    const auto integer = static_cast<std::uint32_t>(std::bit_width(x)) - 1;
    const std::uint32_t rest = x - (1u << integer);
    const std::uint32_t fraction = integer < kFractionBits ? rest << (kFractionBits - integer) : rest >> (integer - kFractionBits);
    const std::uint32_t segment = fraction >> (kFractionBits - kSegmentBits);
    const auto within = static_cast<std::int32_t>(fraction - (segment << (kFractionBits - kSegmentBits)));
    // Shifted as if a segment were as wide as the whole: next to nothing is left of the interpolation.
    const std::int32_t interpolated = ((table[segment + 1] - table[segment]) * within) >> kFractionBits;
    const std::uint32_t log2 = (integer << kFractionBits) + fraction + static_cast<std::uint32_t>(table[segment] + interpolated);
    const auto log = static_cast<std::uint32_t>((std::uint64_t{kLog2} * log2 + kHalf) >> kFractionBits);
    return (scale * log + kHalf) >> kFractionBits;
}

Result<EvalFunction> prepare(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    if (context.input(0).type() != DataType::UInt32 || context.output().type() != DataType::Int16)
        return fail(context.unsupported("uint32 to int16", context.typesText()));
    const std::int64_t bits = context.options().integer("input_correction_bits");
    if (bits < 0 || bits > 31)
        return fail(context.invalid("0 to 31 input_correction_bits", fmt::format("{}", bits)));
    context.setOutputShape(0, context.input(0).shape);
    return [bits, scale = static_cast<std::uint32_t>(context.options().integer("output_scale")), count = static_cast<std::size_t>(context.input(0).elementCount()),
            table = makeTable()](EvalContext &run) {
        forEachSample(run, [&](std::size_t sample) {
            for (std::size_t i = 0; i < count; ++i) {
                const std::uint32_t x = run.input<std::uint32_t>(0, sample)[i] << bits;
                run.output<std::int16_t>(0, sample)[i] = x > 1 ? static_cast<std::int16_t>(std::min(scaledLog(x, scale, table), 0x7FFFu)) : std::int16_t{0};
            }
        });
    };
}

} // namespace

extern const OperatorKernel signal_filter_bank_log_kernel{"SignalFilterBankLog", prepare, kUnsigned};

} // namespace quantloupe
