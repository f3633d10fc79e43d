// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    return static_cast<double>(sums.count + sums.notFinite);
}

} // namespace

extern const Metric num_elements_metric{
    .name = "num_elements",
    .unit = "",
    .description = "Elements of the tensor. With few of them (1 to about 30) rmse/scale says little: a single rounding decides it.",
    .ofSample = ofSample,
    .isReportColumn = true,
};

} // namespace quantloupe
