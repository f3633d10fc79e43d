// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/pointwise.h"

#include <fmt/format.h>

namespace quantloupe {

Result<std::size_t> pointwiseCount(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(1, 1, 1));
    if (context.input(0).type() != context.output().type())
        return fail(context.unsupported("an output of the input's type", context.typesText()));
    context.setOutputShape(0, context.input(0).shape);
    return static_cast<std::size_t>(context.input(0).elementCount());
}

Result<void> requireScales(const PrepareContext &context)
{
    const float input = context.input(0).scale();
    const float output = context.output().scale();
    if (!(input > 0.0f) || !(output > 0.0f))
        return fail(context.invalid("scales above 0", fmt::format("input scale {}, output scale {}", input, output)));
    return {};
}

double scaleQuotient(const PrepareContext &context, float a, float b)
{
    return context.traits().multipliersInDouble ? static_cast<double>(a) / static_cast<double>(b) : static_cast<double>(a / b);
}

} // namespace quantloupe
