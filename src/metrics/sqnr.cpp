// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

#include <cmath>
#include <limits>

namespace quantloupe {
namespace {

double ofSample(const ErrorSums &sums)
{
    // Without an error, or without a signal, the ratio has no value that could be averaged.
    if (sums.diffSquared == 0.0 || sums.floatSquared == 0.0)
        return std::numeric_limits<double>::quiet_NaN();
    return 10.0 * std::log10(sums.floatSquared / sums.diffSquared);
}

} // namespace

extern const Metric sqnr_metric{
    .name = "sqnr",
    .unit = "dB",
    .description = "Signal to quantization noise, 10 log10(mean(float^2) / mean(diff^2)), averaged over samples. Compares across bit widths; about "
                   "6 dB a bit. Empty where there is no error or no signal.",
    .ofSample = ofSample,
};

} // namespace quantloupe
