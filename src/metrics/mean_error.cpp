// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    return sums.diff / static_cast<double>(sums.count);
}

} // namespace

extern const Metric mean_error_metric{
    .name = "mean_error",
    .unit = "real",
    .description = "Mean difference, quantized minus float: a bias. Positive: the quantized values are too high.",
    .ofSample = ofSample,
    .isReportColumn = true,
};

} // namespace quantloupe
