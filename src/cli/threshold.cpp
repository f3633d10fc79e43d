// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/threshold.h"

#include "metrics/metric.h"

#include <charconv>
#include <fmt/format.h>

namespace quantloupe {
namespace {

std::string metricNames()
{
    std::string names;
    for (const Metric *metric : metrics())
        names += (names.empty() ? "" : ", ") + std::string(metric->name);
    return names;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

} // namespace

Result<std::vector<Threshold>> parseThresholds(const std::vector<std::string> &texts)
{
    std::vector<Threshold> thresholds;
    for (const std::string &text : texts) {
        const auto sign = text.find_first_of("<>");
        const std::string_view metric = trimmed(std::string_view(text).substr(0, sign));
        const int index = metricIndex(metric);
        if (sign == std::string::npos || index < 0)
            return fail(ErrorCode::Usage, {.place = "--fail-if", .expected = "METRIC>VALUE or METRIC<VALUE with one of " + metricNames(), .got = text});
        const std::string_view number = trimmed(std::string_view(text).substr(sign + 1));
        Threshold threshold{text, static_cast<std::size_t>(index), text[sign] == '>', 0.0};
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), threshold.value);
        if (error != std::errc() || end != number.data() + number.size())
            return fail(ErrorCode::Usage, {.place = "--fail-if", .expected = "a number after the sign", .got = text});
        thresholds.push_back(std::move(threshold));
    }
    return thresholds;
}

bool anyPassed(Console &console, const Report &report, ErrorKind kind, const std::vector<Threshold> &thresholds)
{
    bool passed = false;
    for (const TensorComparison &row : report.rows) {
        const auto &statistics = row.statistics(kind);
        if (!statistics)
            continue;
        for (const Threshold &threshold : thresholds) {
            const double value = statistics->metrics[threshold.metric];
            if (threshold.isAbove ? value > threshold.value : value < threshold.value) {
                console.error(fmt::format("{} ({}): {} error {} is {:.6g}, threshold {}", row.opName, printable(row.tensorName), name(kind),
                                          metrics()[threshold.metric]->name, value, threshold.text));
                passed = true;
            }
        }
    }
    return passed;
}

} // namespace quantloupe
