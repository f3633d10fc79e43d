// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/advice_rule.h"

#include "metrics/metric.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace quantloupe {

#define QL_ITEM(item) extern const AdviceRule item##_advice;
#include "registry/advice.inc"
#undef QL_ITEM

std::span<const AdviceRule *const> adviceRules()
{
#define QL_ITEM(item) &item##_advice,
    static constexpr const AdviceRule *kRules[] = {
#include "registry/advice.inc"
    };
#undef QL_ITEM
    return kRules;
}

std::vector<Finding> adviceFor(const AdviceContext &context)
{
    std::vector<Finding> findings;
    for (const AdviceRule *rule : adviceRules())
        rule->check(context, findings);
    return findings;
}

std::vector<InputStatistics> inputStatistics(const Dataset &dataset, std::size_t samples)
{
    constexpr std::size_t kMostSamples = 256;
    std::vector<InputStatistics> result;
    for (std::size_t input = 0; input < dataset.inputCount(); ++input) {
        InputStatistics statistics{0.0, 0.0, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), 0};
        std::vector<float> values(dataset.elementCount(input));
        double squares = 0.0;
        double count = 0.0;
        for (std::size_t sample = 0; sample < std::min({samples, dataset.sampleCount(), kMostSamples}) && dataset.read(sample, input, values); ++sample) {
            for (const float value : values) {
                const auto x = static_cast<double>(value);
                statistics.mean += x;
                squares += x * x;
                statistics.min = std::min(statistics.min, x);
                statistics.max = std::max(statistics.max, x);
            }
            count += static_cast<double>(values.size());
            ++statistics.samples;
        }
        statistics.mean /= std::max(count, 1.0);
        statistics.deviation = std::sqrt(std::max(squares / std::max(count, 1.0) - statistics.mean * statistics.mean, 0.0));
        result.push_back(statistics);
    }
    return result;
}

double measured(const TensorComparison &row, std::string_view metric)
{
    const auto &statistics = row.local ? row.local : row.accumulated;
    return statistics ? statistics->metrics[static_cast<std::size_t>(metricIndex(metric))] : std::numeric_limits<double>::quiet_NaN();
}

std::string placeOf(const TensorComparison &row)
{
    return fmt::format("operator {} {} ({})", row.op.value, row.opName, row.tensorName);
}

std::string placesText(const std::vector<const TensorComparison *> &rows)
{
    constexpr std::size_t kMostNamed = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(rows.size(), kMostNamed); ++i)
        text += (i == 0 ? "" : ", ") + placeOf(*rows[i]);
    return rows.size() > kMostNamed ? text + fmt::format(" and {} more", rows.size() - kMostNamed) : text;
}

double outlierThreshold()
{
    return metrics()[static_cast<std::size_t>(metricIndex("rmse/scale"))]->warnAbove;
}

bool isRecurrent(std::string_view opName)
{
    return opName == "SVDF" || opName.find("LSTM") != opName.npos || opName.find("RNN") != opName.npos || opName.find("GRU") != opName.npos;
}

} // namespace quantloupe
