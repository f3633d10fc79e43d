// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <limits>

namespace quantloupe {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double ofSample(const ErrorSums &sums)
{
    return sums.count == 0 ? kNan : sums.maxAbsDiff;
}

} // namespace

extern const Metric max_abs_error_metric{
    .name = "max_abs_error",
    .unit = "real",
    .description = "Largest absolute difference of a sample, averaged over samples: a mean of maxima, not the maximum.",
    .ofSample = ofSample,
    .isReportColumn = true,
};

} // namespace quantloupe
