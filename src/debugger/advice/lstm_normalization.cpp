// SPDX-License-Identifier: GPL-3.0-or-later
//
// Recurrent operators keep what they are given in narrow integer states. The tutorial on quantized LSTMs puts layer
// normalisation before and after them.
#include "debugger/advice_rule.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

/// Normalised data reach some +-4 standard deviations; a wider range was not normalised.
constexpr double kNormalizedRange = 10.0;

double rangeOf(const Tensor &tensor)
{
    const IntegerRange codes = integerRange(tensor.type);
    return static_cast<double>(tensor.quant.scale()) * static_cast<double>(codes.max - codes.min);
}

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    const Subgraph &graph = context.quantized.main();
    for (const TensorComparison &row : context.report.rows) {
        const double error = measured(row, "rmse/scale");
        if (!isRecurrent(row.opName) || row.type == DataType::Int16 || !(error > kRecurrentThreshold))
            continue;
        const Tensor &input = graph.tensor(graph.op(row.op).inputs.front());
        const double range = input.quant.isQuantized() ? rangeOf(input) : 0.0;
        findings.push_back({.id = "lstm-normalization", .severity = Severity::Warning, .title = fmt::format("{}: normalise what goes in and what comes out", placeOf(row)),
                            .evidence = fmt::format("Its rmse/scale is {:.3g}; rounding alone gives 0.289. Its input spans {:.4g}{}.", error, range,
                                                    range > kNormalizedRange ? ", more than normalised data do" : ""),
                            .remedy = "Put a LayerNormalization before the recurrent layer and one behind it, and train again; a narrower input keeps gates and cell within their int16 ranges.",
                            .subject = "quantized model", .op = row.op, .tensor = row.tensor, .threshold = fmt::format("rmse/scale of a recurrent operator above {}", kRecurrentThreshold),
                            .source = std::string(kQuantizationTips), .samples = context.report.samples});
    }
}

} // namespace

extern const AdviceRule lstm_normalization_advice{"lstm-normalization", check};

} // namespace quantloupe
