// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    return static_cast<double>(sums.atMaxCode) / static_cast<double>(sums.count + sums.notFinite);
}

} // namespace

extern const Metric share_at_max_metric{
    .name = "share_at_max",
    .unit = "",
    .description = "Share of elements at the largest code of the type (int8: 127): clipped, or exactly at the range's end.",
    .ofSample = ofSample,
};

} // namespace quantloupe
