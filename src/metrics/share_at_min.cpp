// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    return static_cast<double>(sums.atMinCode) / static_cast<double>(sums.count + sums.notFinite);
}

} // namespace

extern const Metric share_at_min_metric{
    .name = "share_at_min",
    .unit = "",
    .description = "Share of elements at the smallest code of the type (int8: -128): clipped, or exactly at the range's end. After a RELU the "
                   "smallest code is simply 0.",
    .ofSample = ofSample,
};

} // namespace quantloupe
