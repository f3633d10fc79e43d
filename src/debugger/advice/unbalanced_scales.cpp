// SPDX-License-Identifier: GPL-3.0-or-later
//
// CONCATENATION and the sums bring their inputs to one scale. An input with a much finer scale than the others loses the
// bits by which it was finer.
#include "debugger/advice_rule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kMostRatio = 8.0; ///< three bits

bool mixes(const Operator &op)
{
    static constexpr std::string_view kNames[] = {"CONCATENATION", "ADD", "SUB", "ADD_N", "MAXIMUM", "MINIMUM", "PACK"};
    return std::ranges::count(kNames, op.name) > 0;
}

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    const Subgraph &graph = context.quantized.main();
    for (const TensorComparison &row : context.report.rows) {
        const Operator &op = graph.op(row.op);
        double smallest = 0.0;
        double largest = 0.0;
        for (const TensorIndex input : op.inputs) {
            const auto scale = input.isValid() && !graph.tensor(input).isConstant() ? static_cast<double>(graph.tensor(input).quant.scale()) : 0.0;
            if (!(scale > 0.0))
                continue;
            smallest = smallest == 0.0 ? scale : std::min(smallest, scale);
            largest = std::max(largest, scale);
        }
        if (!mixes(op) || smallest == 0.0 || !(largest / smallest > kMostRatio))
            continue;
        findings.push_back({.id = "unbalanced-scales", .severity = Severity::Warning, .title = fmt::format("{}: its inputs have very different scales", placeOf(row)),
                            .evidence = fmt::format("Scales from {:.4g} to {:.4g}, a factor of {:.3g}: the finest input loses {:.1f} bits. Its rmse/scale is {:.3g}.", smallest, largest,
                                                    largest / smallest, std::log2(largest / smallest), measured(row, "rmse/scale")),
                            .remedy = "Bring the branches to like ranges before they meet, e.g. a BatchNormalization or the same activation at the end of each.",
                            .subject = "quantized model", .op = row.op, .tensor = row.tensor, .threshold = fmt::format("largest scale over smallest above {}", kMostRatio),
                            .source = std::string(kQuantizationSpec), .samples = context.report.samples});
    }
}

} // namespace

extern const AdviceRule unbalanced_scales_advice{"unbalanced-scales", check};

} // namespace quantloupe
