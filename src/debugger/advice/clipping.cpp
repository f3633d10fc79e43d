// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values of the float model that the quantized tensor's range cannot hold: the calibration data did not reach them.
#include "debugger/advice_rule.h"
#include "debugger/advice/outside.h"

#include <algorithm>
#include <fmt/format.h>

namespace quantloupe {
namespace {

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    std::vector<const TensorComparison *> rows;
    for (const TensorComparison &row : context.report.rows)
        if (outsideShare(row) > kMostOutside)
            rows.push_back(&row);
    if (rows.empty())
        return;
    std::ranges::stable_sort(rows, [](const auto *a, const auto *b) { return outsideShare(*a) > outsideShare(*b); });
    const TensorComparison &worst = *rows.front();
    findings.push_back({.id = "clipping", .severity = Severity::Warning,
                        .title = fmt::format("{} tensor{} clip{} values that the float model reaches", rows.size(), rows.size() == 1 ? "" : "s", rows.size() == 1 ? "s" : ""),
                        .evidence = fmt::format("Most at {}: {:.2g} % of its float values lie outside of what its scale can hold. In all: {}.", placeOf(worst), 100.0 * outsideShare(worst), placesText(rows)),
                        .remedy = "Calibrate with data that reach these values: a larger and more varied representative dataset, preprocessed as in use.",
                        .subject = "quantized model", .op = worst.op, .tensor = worst.tensor, .threshold = fmt::format("more than {:.2g} % of the float values outside of the range", 100.0 * kMostOutside),
                        .source = std::string(kQuantizationSpec), .samples = context.report.samples});
}

} // namespace

extern const AdviceRule clipping_advice{"clipping", check};

} // namespace quantloupe
