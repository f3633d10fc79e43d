// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/comparison.h"

#include <fmt/format.h>

namespace quantloupe {

Result<ComparedScales> comparedScales(const PrepareContext &context)
{
    const float a = context.input(0).scale();
    const float b = context.input(1).scale();
    if (!(a > 0.0f && a < 1.0f && b > 0.0f && b < 1.0f))
        return fail(context.unsupported("scales above 0 and below 1 (the reference kernels abort)", fmt::format("{} and {}", a, b)));
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
