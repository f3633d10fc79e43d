// SPDX-License-Identifier: GPL-3.0-or-later
//
// A few far values at one end decide the scale of all others. Typical of linear outputs without a lower bound (leaky or no
// activation) with a long negative tail.
#include "debugger/advice_rule.h"
#include "debugger/advice/code_usage.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace quantloupe {
namespace {

constexpr double kTail = 0.01;          ///< the lowest, or highest, hundredth of the values ...
constexpr double kNegativeCodes = 0.5;  ///< ... takes at least so much of the codes,
constexpr double kPositiveCodes = 0.75; ///< or so much: what a ReLU lets through always thins out towards the top

struct Tail {
    const TensorComparison *row;
    double codes; ///< share of all codes
};

/// Rows that move values only are left out: the tail is that of the operator before.
std::vector<Tail> tails(const AdviceContext &context, bool isNegative)
{
    std::vector<Tail> found;
    for (const TensorComparison &row : context.report.rows) {
        const CodeUsage usage = codeUsage(row.quantizedValues);
        if (usage.values < kFewestValues || usage.distinct < 2 || measured(row, "rmse/scale") == 0.0)
            continue;
        const std::size_t inner = quantileBin(row.quantizedValues, usage.values, isNegative ? kTail : 1.0 - kTail);
        const double codes = static_cast<double>(isNegative ? inner - usage.first : usage.last - inner) / static_cast<double>(usage.codes);
        if (codes >= (isNegative ? kNegativeCodes : kPositiveCodes))
            found.push_back({&row, codes});
    }
    std::ranges::stable_sort(found, std::greater<>(), &Tail::codes);
    return found;
}

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    for (const bool isNegative : {true, false}) {
        const auto found = tails(context, isNegative);
        if (found.empty())
            continue;
        std::vector<const TensorComparison *> rows;
        for (const Tail &tail : found)
            rows.push_back(tail.row);
        const std::string_view side = isNegative ? "negative" : "positive";
        const bool isOne = rows.size() == 1;
        findings.push_back({.id = "long-tail", .severity = Severity::Warning,
                            .title = fmt::format("{} tensor{} spend{} most codes on a long {} tail", rows.size(), isOne ? "" : "s", isOne ? "s" : "", side),
                            .evidence = fmt::format("The {} hundredth of the values takes {:.0f} % of the codes at worst; the other 99 % share the rest: {}.", isNegative ? "lowest" : "highest",
                                                    100.0 * found.front().codes, placesText(rows)),
                            .remedy = isNegative ? "Bound the values below (ReLU, ReLU6, or a clip) before this tensor is quantized, or put a BatchNormalization before the activation."
                                                 : "Bound the values above (ReLU6 or a clip), put a BatchNormalization before the activation, or leave outliers out of the calibration data.",
                            .subject = "quantized model", .op = rows.front()->op, .tensor = rows.front()->tensor,
                            .threshold = fmt::format("the outermost {:.0f} % of the values takes {:.0f} % of the codes or more, over at least {} values", 100.0 * kTail,
                                                     100.0 * (isNegative ? kNegativeCodes : kPositiveCodes), kFewestValues),
                            .source = std::string(kQuantizationTips), .samples = context.report.samples});
    }
}

} // namespace

extern const AdviceRule long_tail_advice{"long-tail", check};

} // namespace quantloupe
