// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/exponential_sum.h"

#include <fmt/format.h>

namespace quantloupe {

Result<ExponentialSum> ExponentialSum::make(const PrepareContext &context, double beta)
{
    const double scale = context.input(0).scale();
    const double factor = std::min(beta * scale * (1 << (31 - kDifferenceBits)), 2147483647.0);
    if (!(factor > 1.0))
        return fail(context.unsupported("beta x input scale above 2^-26 (the reference kernels abort)", fmt::format("beta {}, scale {}", beta, scale)));
    ExponentialSum result;
    result.multiplier = fixed_point::multiplierOf(factor);
    result.lowest = -fixed_point::inputRadius(kDifferenceBits, result.multiplier.exponent);
    return result;
}

} // namespace quantloupe
