// SPDX-License-Identifier: GPL-3.0-or-later
//
// A model whose input is neither centred nor of the size of 1 spends its first layers' codes on an offset. MLTK's tips
// normalise every sample (mean and standard deviation), or rescale to a fixed small range.
#include "debugger/advice_rule.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kWidest = 16.0;     ///< from the smallest to the largest value; normalised data stay within some +-8
constexpr double kMostOffCentre = 3.0; ///< standard deviations between the mean and 0

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    const Subgraph &graph = context.quantized.main();
    for (std::size_t i = 0; i < context.inputs.size(); ++i) {
        const InputStatistics &input = context.inputs[i];
        const bool isWide = input.max - input.min > kWidest;
        const bool isOffCentre = std::abs(input.mean) > kMostOffCentre * input.deviation && input.deviation > 0.0;
        if (input.samples == 0 || (!isWide && !isOffCentre))
            continue;
        const TensorIndex tensor = graph.inputs[i];
        findings.push_back({.id = "input-normalization", .severity = Severity::Warning, .title = fmt::format("The model's input {} is not normalised", graph.tensor(tensor).name),
                            .evidence = fmt::format("Its values run from {:.4g} to {:.4g}, mean {:.4g}, standard deviation {:.4g}.", input.min, input.max, input.mean, input.deviation),
                            .remedy = "Normalise every sample to mean 0 and standard deviation 1, or rescale to a fixed range such as -1 to 1, in training and on the device alike.",
                            .subject = "dataset", .tensor = tensor,
                            .threshold = fmt::format("values more than {} apart, or their mean more than {} standard deviations from 0", kWidest, kMostOffCentre),
                            .source = std::string(kQuantizationTips), .samples = input.samples});
    }
}

} // namespace

extern const AdviceRule input_normalization_advice{"input-normalization", check};

} // namespace quantloupe
