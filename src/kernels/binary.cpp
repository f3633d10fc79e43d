// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/binary.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {

Result<Broadcast> binaryBroadcast(PrepareContext &context)
{
    QL_CHECK(context.requireOperands(2, 2, 1));
    if (context.input(0).type() != context.input(1).type())
        return fail(context.unsupported("two inputs of one type", context.typesText()));
    QL_TRY(const Broadcast plan, Broadcast::make(context, context.input(0).shape, context.input(1).shape));
    context.setOutputShape(0, plan.shape());
    return plan;
}

Result<CommonScale> commonScale(const PrepareContext &context, int leftShift, double (*outFactor)(double, int, double), bool mayGrow)
{
    const OperandDesc &a = context.input(0);
    const OperandDesc &b = context.input(1);
    const OperandDesc &output = context.output();
    const double twiceMax = 2.0 * static_cast<double>(std::max(a.scale(), b.scale()));
    const double factorA = static_cast<double>(a.scale()) / twiceMax;
    const double factorB = static_cast<double>(b.scale()) / twiceMax;
    const double factorOut = outFactor(twiceMax, leftShift, static_cast<double>(output.scale()));
    const auto isUsable = [](double factor, bool unlimited) { return std::isfinite(factor) && factor > 0.0 && (unlimited || factor < 1.0); };
    if (!isUsable(factorA, false) || !isUsable(factorB, false) || !isUsable(factorOut, mayGrow))
        return fail(context.unsupported(mayGrow ? "scales above 0" : "scales above 0, and an output scale that is not far smaller than the inputs' (the reference kernels abort)",
                                        fmt::format("input scales {} and {}, output scale {}", a.scale(), b.scale(), output.scale())));
    CommonScale scale;
    scale.leftShift = leftShift;
    scale.zeroPointA = a.zeroPoint();
    scale.zeroPointB = b.zeroPoint();
    scale.zeroPointOut = output.zeroPoint();
    scale.a = fixed_point::multiplierOf(factorA);
    scale.b = fixed_point::multiplierOf(factorB);
    scale.out = fixed_point::multiplierOf(factorOut);
    scale.clamp = codeClamp(fusedActivation(context), output);
    return scale;
}

} // namespace quantloupe
