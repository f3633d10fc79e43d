// SPDX-License-Identifier: GPL-3.0-or-later
//
// A bias is added to the integer sum of products, so its scale must be the input's times the weights' (TensorFlow Lite's
// quantization specification). Kernels do not look at its own scale: another one shifts every output of the channel.
#include "debugger/finding_rule.h"
#include "debugger/findings/linear_operators.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr float kTolerance = 1e-3f;

void check(const Model &quantized, std::vector<Finding> &findings)
{
    const Subgraph &graph = quantized.main();
    forEachLinearOperator(graph, [&](const LinearOperator &linear) {
        if (!linear.bias.isValid())
            return;
        const QuantParams &bias = graph.tensor(linear.bias).quant;
        const QuantParams &weights = graph.tensor(linear.weights).quant;
        const QuantParams &input = graph.tensor(linear.input).quant;
        if (!bias.isQuantized() || !input.isQuantized())
            return;
        for (std::size_t c = 0; c < std::max(bias.scales.size(), weights.scales.size()); ++c) {
            const float actual = bias.scales[std::min(c, bias.scales.size() - 1)];
            const float needed = input.scale() * weights.scales[std::min(c, weights.scales.size() - 1)];
            if (std::abs(actual / needed - 1.0f) <= kTolerance)
                continue;
            findings.push_back({.id = "bias-scale", .severity = Severity::Problem, .title = fmt::format("{}: its bias has the wrong scale", placeOf(graph, linear.index)),
                                .evidence = fmt::format("Channel {}: scale {} where input times weights is {}. Kernels use the latter, so the bias counts {:.3g} times what it says.", c, actual,
                                                        needed, needed / actual),
                                .remedy = "Convert again; the converter writes bias scale = input scale x weight scale.", .subject = "quantized model", .op = linear.index,
                                .tensor = linear.bias});
            return; // one channel shows it
        }
    });
}

} // namespace

extern const FindingRule bias_scale_finding{"bias-scale", check};

} // namespace quantloupe
