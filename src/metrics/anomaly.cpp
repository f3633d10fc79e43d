// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/anomaly.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace quantloupe {
namespace {

/// Accuracy of "abnormal at or above the threshold" for every threshold that changes anything.
std::pair<double, double> bestThreshold(std::span<const float> scores, std::span<const char> isAbnormal)
{
    std::vector<std::pair<float, char>> order;
    for (std::size_t i = 0; i < scores.size(); ++i)
        order.emplace_back(scores[i], isAbnormal[i]);
    std::ranges::stable_sort(order, [](const auto &a, const auto &b) { return a.first > b.first; });
    auto right = static_cast<double>(std::ranges::count(isAbnormal, 0)); // nothing is called abnormal
    std::pair<double, double> best{right, std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i < order.size(); ++i) {
        right += order[i].second ? 1.0 : -1.0;
        const bool isLastOfEqual = i + 1 == order.size() || order[i + 1].first != order[i].first;
        if (isLastOfEqual && right > best.first)
            best = {right, static_cast<double>(order[i].first)};
    }
    return {best.first / static_cast<double>(std::max<std::size_t>(scores.size(), 1)), best.second};
}

} // namespace

AnomalyFigures anomalyFigures(std::span<const float> scores, std::span<const std::int64_t> labels)
{
    AnomalyFigures figures;
    std::vector<char> isAbnormal(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        isAbnormal[i] = labels[i] != 0;
        (isAbnormal[i] ? figures.abnormal : figures.normal) += 1;
        (isAbnormal[i] ? figures.meanAbnormal : figures.meanNormal) += static_cast<double>(scores[i]);
    }
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    figures.meanNormal = figures.normal == 0 ? kNone : figures.meanNormal / static_cast<double>(figures.normal);
    figures.meanAbnormal = figures.abnormal == 0 ? kNone : figures.meanAbnormal / static_cast<double>(figures.abnormal);
    std::tie(figures.bestAccuracy, figures.bestThreshold) = bestThreshold(scores, isAbnormal);
    figures.roc = rocCurve(scores, isAbnormal);
    figures.precisionRecall = precisionRecallCurve(scores, isAbnormal);
    return figures;
}

} // namespace quantloupe
