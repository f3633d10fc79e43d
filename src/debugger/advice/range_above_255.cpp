// SPDX-License-Identifier: GPL-3.0-or-later
//
// A tensor that spans more than 255 has steps of more than 1: MLTK's tips call such a range the mark of data that were not
// normalised.
#include "debugger/advice_rule.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kLargestRange = 255.0;

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    std::vector<const TensorComparison *> rows;
    for (const TensorComparison &row : context.report.rows)
        if (elementSize(row.type) == 1 && measured(row, "range") > kLargestRange)
            rows.push_back(&row);
    if (rows.empty())
        return;
    std::ranges::stable_sort(rows, [](const auto *a, const auto *b) { return measured(*a, "range") > measured(*b, "range"); });
    findings.push_back({.id = "range-above-255", .severity = Severity::Warning,
                        .title = fmt::format("{} tensor{} span{} more than 255", rows.size(), rows.size() == 1 ? "" : "s", rows.size() == 1 ? "s" : ""),
                        .evidence = fmt::format("The widest spans {:.4g}, in steps of {:.4g}: {}.", measured(*rows.front(), "range"), static_cast<double>(rows.front()->scale), placesText(rows)),
                        .remedy = "Normalise the model's input, or put a BatchNormalization before the activation, so that values stay small; then calibrate again.",
                        .subject = "quantized model", .op = rows.front()->op, .tensor = rows.front()->tensor, .threshold = "range (255 steps) above 255",
                        .source = std::string(kQuantizationTips), .samples = context.report.samples});
}

} // namespace

extern const AdviceRule range_above_255_advice{"range-above-255", check};

} // namespace quantloupe
