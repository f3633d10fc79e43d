// SPDX-License-Identifier: GPL-3.0-or-later
//
// Codes that no value of the debug data ever takes are resolution given away: half of them unused is one bit.
#include "debugger/advice_rule.h"
#include "debugger/advice/code_usage.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kSmallestShare = 0.5;

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    std::vector<const TensorComparison *> rows;
    double least = 1.0;
    for (const TensorComparison &row : context.report.rows) {
        const CodeUsage usage = codeUsage(row.quantizedValues);
        if (usage.values < kFewestValues || usage.distinct < 2 || usage.spanShare() >= kSmallestShare)
            continue;
        if (usage.spanShare() < least) {
            least = usage.spanShare();
            rows.insert(rows.begin(), &row);
        } else {
            rows.push_back(&row);
        }
    }
    if (rows.empty())
        return;
    const CodeUsage usage = codeUsage(rows.front()->quantizedValues);
    findings.push_back({.id = "unused-range", .severity = Severity::Note,
                        .title = fmt::format("{} tensor{} use{} less than half of the range", rows.size(), rows.size() == 1 ? "" : "s", rows.size() == 1 ? "s" : ""),
                        .evidence = fmt::format("The narrowest takes {} of {} codes, {:.0f} % of its range: {}.", usage.last - usage.first + 1, usage.codes, 100.0 * least, placesText(rows)),
                        .remedy = "Leave outliers out of the calibration data, or calibrate with data like those of use: a range that fits gains up to a bit. Where the debug data are the narrow ones, take more of them.",
                        .subject = "quantized model", .op = rows.front()->op, .tensor = rows.front()->tensor,
                        .threshold = fmt::format("smallest to largest code within less than {:.0f} % of the codes, over at least {} values", 100.0 * kSmallestShare, kFewestValues),
                        .source = std::string(kQuantizationSpec), .samples = context.report.samples});
}

} // namespace

extern const AdviceRule unused_range_advice{"unused-range", check};

} // namespace quantloupe
