// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <algorithm>
#include <cmath>

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    const double mean = sums.diff / static_cast<double>(sums.count);
    return std::sqrt(std::max(0.0, sums.diffSquared / static_cast<double>(sums.count) - mean * mean));
}

} // namespace

extern const Metric stddev_metric{
    .name = "stddev",
    .unit = "real",
    .description = "Standard deviation of the difference within a sample, averaged over samples.",
    .ofSample = ofSample,
    .isReportColumn = true,
};

} // namespace quantloupe
