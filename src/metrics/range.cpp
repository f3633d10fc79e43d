// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {
namespace {

double ofAverages(const Metric::Averages &averages)
{
    return averages.codes * averages.scale;
}

} // namespace

extern const Metric range_metric{
    .name = "range",
    .unit = "real",
    .description = "What the codes of the output can span: 255 * scale for int8, 65535 * scale for int16. Above 255 the steps are coarser than 1.",
    .ofAverages = ofAverages,
    .isReportColumn = true,
    .warnAbove = 255.0,
};

} // namespace quantloupe
