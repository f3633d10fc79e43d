// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

#include <string_view>

namespace quantloupe {

/// Above that share, values that lie outside of a tensor's range are more than a rare extreme.
inline constexpr double kMostOutside = 0.001;

/// The quantization specification fixes these operators' grids, whatever the data: a softmax's 1.0 has no code.
inline bool hasFixedGrid(std::string_view opName)
{
    return opName == "SOFTMAX" || opName == "LOG_SOFTMAX" || opName == "LOGISTIC" || opName == "TANH" || opName == "L2_NORMALIZATION";
}

/// Share of the float model's values beyond the ends of the quantized tensor's grid, by more than half a step.
inline double outsideShare(const TensorComparison &row)
{
    const auto &statistics = row.accumulated ? row.accumulated : row.local;
    if (!statistics || hasFixedGrid(row.opName))
        return 0.0;
    const auto total = static_cast<double>(statistics->floatValues.total());
    return total > 0.0 ? static_cast<double>(statistics->floatValues.below + statistics->floatValues.above) / total : 0.0;
}

} // namespace quantloupe
