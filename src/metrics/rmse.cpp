// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <cmath>

namespace quantloupe {
namespace {

double ofAverages(const Metric::Averages &averages)
{
    return std::sqrt(averages.meanSquaredError);
}

} // namespace

extern const Metric rmse_metric{
    .name = "rmse",
    .unit = "real",
    .description = "Root of mean_squared_error, in real units. Compares across bit widths.",
    .ofAverages = ofAverages,
};

} // namespace quantloupe
