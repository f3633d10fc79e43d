// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"

namespace quantloupe {

#define QL_ITEM(item) extern const Metric item##_metric;
#include "registry/metrics.inc"
#undef QL_ITEM

std::span<const Metric *const> metrics()
{
#define QL_ITEM(item) &item##_metric,
    static constexpr const Metric *kMetrics[] = {
#include "registry/metrics.inc"
    };
#undef QL_ITEM
    return kMetrics;
}

int metricIndex(std::string_view name)
{
    const auto all = metrics();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i]->name == name)
            return static_cast<int>(i);
    return -1;
}

} // namespace quantloupe
