// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/comparison.h"

#include <fmt/format.h>

namespace quantloupe {

Result<ComparedScales> comparedScales(const PrepareContext &context)
{
    const float a = context.input(0).scale();
    const float b = context.input(1).scale();
    constexpr float kBeyond = 2147483648.0f; // of shifts that fit a word
    const bool takesLarge = context.traits().comparesScalesAboveOne;
    const auto isTaken = [&](float scale) { return scale > 0.0f && (scale < 1.0f || (takesLarge && scale > 1.0f && scale < kBeyond)); };
    if (!isTaken(a) || !isTaken(b))
        return fail(context.unsupported(takesLarge ? "scales above 0 other than 1 (the reference kernels abort)" : "scales above 0 and below 1 (the reference kernels abort)", fmt::format("{} and {}", a, b)));
    return ComparedScales{context.input(0).zeroPoint(), context.input(1).zeroPoint(), fixed_point::multiplierOf(static_cast<double>(a)), fixed_point::multiplierOf(static_cast<double>(b))};
}

Result<Broadcast> comparisonBroadcast(PrepareContext &context)
{
    QL_TRY(Broadcast plan, binaryBroadcast(context));
    if (context.output().type() != DataType::Bool)
        return fail(context.unsupported("an output of type bool", context.typesText()));
    return plan;
}

} // namespace quantloupe
