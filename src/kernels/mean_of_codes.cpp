// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/mean_of_codes.h"

#include "kernels/fixed_point.h"
#include "kernels/requantize.h"

#include <bit>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {
namespace {

/// The factor divided by `count` the reference's way: as many bits of the quotient as fit, truncated.
fixed_point::Multiplier dividedBy(fixed_point::Multiplier factor, std::uint64_t count)
{
    const int shift = std::min({static_cast<int>(std::bit_width(count)) - 1, 32, 31 + factor.exponent});
    return {static_cast<std::int32_t>((static_cast<std::int64_t>(factor.mantissa) << shift) / static_cast<std::int64_t>(count)), factor.exponent - shift};
}

} // namespace

template <typename Code> Result<EvalFunction> meanOrSumOfCodes(PrepareContext &context, Reduction plan, ReducedTo kind)
{
    const OperandDesc &input = context.input(0);
    const OperandDesc &output = context.output();
    if (!(input.scale() > 0.0f) || !(output.scale() > 0.0f))
        return fail(context.invalid("scales above 0", fmt::format("{} and {}", input.scale(), output.scale())));
    auto multiplier = fixed_point::multiplierOf(static_cast<double>(input.scale()) / static_cast<double>(output.scale()));
    if (kind == ReducedTo::Mean)
        multiplier = dividedBy(multiplier, plan.reduced);
    const Requantizer requantize{{multiplier}, output.zeroPoint(), {std::numeric_limits<Code>::min(), std::numeric_limits<Code>::max()}};
    const auto zeroSum = static_cast<std::uint32_t>(input.zeroPoint()) * static_cast<std::uint32_t>(plan.reduced);
    return reduced<Code, std::int32_t>(
        context, std::move(plan), 0, [](std::int32_t sum, Code x) { return wrappingSum<std::int32_t>(sum, x); },
        [requantize, zeroSum](std::int32_t sum) { return static_cast<Code>(requantize(static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) - zeroSum), 0)); });
}

template Result<EvalFunction> meanOrSumOfCodes<std::int8_t>(PrepareContext &, Reduction, ReducedTo);
template Result<EvalFunction> meanOrSumOfCodes<std::uint8_t>(PrepareContext &, Reduction, ReducedTo);
template Result<EvalFunction> meanOrSumOfCodes<std::int16_t>(PrepareContext &, Reduction, ReducedTo);

} // namespace quantloupe
