// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

#include "metrics/metric.h"

namespace quantloupe {

std::string_view name(StatePolicy policy)
{
    return policy == StatePolicy::Reset ? "reset" : "carry";
}

std::optional<StatePolicy> statePolicy(std::string_view name)
{
    if (name == "reset")
        return StatePolicy::Reset;
    if (name == "carry")
        return StatePolicy::Carry;
    return std::nullopt;
}

std::string_view name(ErrorKind kind)
{
    return kind == ErrorKind::Local ? "local" : "accumulated";
}

int Report::worstRow(ErrorKind kind, std::int64_t minElements) const
{
    const auto metric = static_cast<std::size_t>(metricIndex("rmse/scale"));
    int worst = -1;
    double worstValue = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto &statistics = rows[i].statistics(kind);
        if (statistics && rows[i].shape.elementCount() >= minElements && (worst < 0 ? statistics->metrics[metric] >= 0.0 : statistics->metrics[metric] > worstValue)) {
            worst = static_cast<int>(i);
            worstValue = statistics->metrics[metric];
        }
    }
    return worst;
}

} // namespace quantloupe
