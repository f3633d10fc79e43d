// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/divergence.h"

namespace quantloupe {

std::optional<std::size_t> divergenceStep(const RnnQuantity &quantity, const RnnError &error, double threshold)
{
    for (std::size_t step = 0; step < error.rmse.size(); ++step)
        if (error.rmse[step] > threshold * static_cast<double>(quantity.scale)) // NaN passes nothing
            return step;
    return std::nullopt;
}

} // namespace quantloupe
