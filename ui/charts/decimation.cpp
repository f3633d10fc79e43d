// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/decimation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace quantloupe::ui {

std::vector<Bar> barsOf(std::span<const double> values, int maxBars, double fill)
{
    const auto limit = static_cast<std::size_t>(std::max(1, maxBars));
    const std::size_t group = (values.size() + limit - 1) / limit;
    const double margin = group > 1 ? 0.0 : (1.0 - fill) / 2.0;
    std::vector<Bar> bars;
    for (std::size_t first = 0; group > 0 && first < values.size(); first += group) {
        const std::size_t last = std::min(first + group, values.size());
        std::size_t largest = last;
        for (std::size_t i = first; i < last; ++i)
            if (!std::isnan(values[i]) && (largest == last || std::abs(values[i]) > std::abs(values[largest])))
                largest = i;
        if (largest < last)
            bars.push_back({static_cast<double>(first) - 0.5 + margin, static_cast<double>(last) - 0.5 - margin, values[largest], static_cast<int>(largest)});
    }
    return bars;
}

namespace {

template <typename T> QList<QPointF> lineThrough(std::span<const T> values, int maxPoints)
{
    QList<QPointF> points;
    const auto columns = static_cast<std::size_t>(std::max(1, maxPoints / 2));
    const std::size_t group = values.size() <= static_cast<std::size_t>(std::max(2, maxPoints)) ? 1 : (values.size() + columns - 1) / columns;
    const auto add = [&](std::size_t at) { points << QPointF(static_cast<double>(at), static_cast<double>(values[at])); };
    for (std::size_t first = 0; first < values.size(); first += group) {
        const std::size_t last = std::min(first + group, values.size());
        std::size_t low = last;
        std::size_t high = last;
        for (std::size_t i = first; i < last; ++i) {
            if (!std::isfinite(values[i]))
                continue;
            low = low == last || values[i] < values[low] ? i : low;
            high = high == last || values[i] > values[high] ? i : high;
        }
        if (low == last)
            continue;
        add(std::min(low, high));
        if (low != high)
            add(std::max(low, high));
    }
    return points;
}

} // namespace

QList<QPointF> lineOf(std::span<const float> values, int maxPoints)
{
    return lineThrough(values, maxPoints);
}

QList<QPointF> lineOf(std::span<const double> values, int maxPoints)
{
    return lineThrough(values, maxPoints);
}

BinRange filledBins(const Histogram &histogram)
{
    const auto isFilled = [](std::uint64_t count) { return count > 0; };
    const auto &counts = histogram.counts;
    const auto first = std::find_if(counts.begin(), counts.end(), isFilled);
    const auto last = std::find_if(counts.rbegin(), counts.rend(), isFilled).base();
    if (first == counts.end())
        return {};
    return {static_cast<std::size_t>(first - counts.begin()), static_cast<std::size_t>(last - counts.begin())};
}

double reachOf(const Histogram &histogram, double left)
{
    std::vector<std::pair<double, std::uint64_t>> byDistance;
    std::uint64_t outside = 0;
    for (std::size_t bin = 0; bin < histogram.counts.size(); ++bin) {
        const double first = histogram.lower + static_cast<double>(bin) * histogram.width;
        byDistance.emplace_back(std::max(std::abs(first), std::abs(first + histogram.width)), histogram.counts[bin]);
        outside += histogram.counts[bin];
    }
    std::sort(byDistance.begin(), byDistance.end());
    const double allowed = left * static_cast<double>(outside);
    for (const auto &[distance, count] : byDistance) {
        outside -= count;
        if (static_cast<double>(outside) <= allowed)
            return distance;
    }
    return 0.0;
}

std::vector<Bar> barsOf(const Histogram &histogram, int maxBars)
{
    const BinRange range = filledBins(histogram);
    const std::uint64_t total = std::accumulate(histogram.counts.begin(), histogram.counts.end(), histogram.below + histogram.above);
    const auto limit = static_cast<std::size_t>(std::max(1, maxBars));
    const std::size_t group = (range.last - range.first + limit - 1) / limit;
    std::vector<Bar> bars;
    // Groups start at multiples of their size, so that histograms on one grid keep common edges.
    for (std::size_t first = group ? range.first / group * group : 0; group > 0 && first < range.last; first += group) {
        const std::size_t last = std::min(first + group, histogram.counts.size());
        std::uint64_t count = 0;
        for (std::size_t bin = first; bin < last; ++bin)
            count += histogram.counts[bin];
        bars.push_back({histogram.lower + static_cast<double>(first) * histogram.width, histogram.lower + static_cast<double>(last) * histogram.width,
                        100.0 * static_cast<double>(count) / static_cast<double>(total), static_cast<int>(first)});
    }
    return bars;
}

} // namespace quantloupe::ui
