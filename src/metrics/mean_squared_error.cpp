// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    return sums.diffSquared / static_cast<double>(sums.count);
}

} // namespace

extern const Metric mean_squared_error_metric{
    .name = "mean_squared_error",
    .unit = "real^2",
    .description = "Mean squared difference, averaged over samples.",
    .ofSample = ofSample,
    .isReportColumn = true,
};

} // namespace quantloupe
