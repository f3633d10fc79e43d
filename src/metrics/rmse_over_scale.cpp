// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <cmath>
#include <limits>

namespace quantloupe {
namespace {

double ofAverages(const Metric::Averages &averages)
{
    return averages.scale > 0.0 ? std::sqrt(averages.meanSquaredError) / averages.scale : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

extern const Metric rmse_over_scale_metric{
    .name = "rmse/scale",
    .unit = "LSB",
    .description = "Root of mean_squared_error over the output's scale. Rounding alone gives 1/sqrt(12) = 0.289; above 0.7 something else is at "
                   "work. Does not compare across bit widths: int16 steps are 256 times smaller.",
    .ofAverages = ofAverages,
    .isReportColumn = true,
    .hasIdeal = true,
    .ideal = 0.28867513459481287, // 1/sqrt(12): a uniform error of one step
    .warnAbove = 0.7,
};

} // namespace quantloupe
