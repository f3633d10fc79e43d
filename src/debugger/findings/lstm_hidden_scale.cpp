// SPDX-License-Identifier: GPL-3.0-or-later
//
// TFLite scales the LSTM's hidden state by intermediates[4], not by the output. Converters do not widen that range to
// hold 0, so where all hidden values have one sign the two disagree and the output is off by their ratio.
#include "debugger/finding_rule.h"
#include "debugger/findings/lstm_operators.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

void check(const Model &quantized, std::vector<Finding> &findings)
{
    const Subgraph &graph = quantized.main();
    forEachIntegerLstm(graph, [&](OperatorIndex index, const Operator &op) {
        const bool hasProjection = op.inputs.size() > 16 && op.inputs[16].isValid(); // the output then has a range of its own
        if (hasProjection || op.intermediates.size() <= kLstmHidden || !op.intermediates[kLstmHidden].isValid())
            return;
        const QuantParams &hidden = graph.tensor(op.intermediates[kLstmHidden]).quant;
        const QuantParams &output = graph.tensor(op.outputs.front()).quant;
        if (!hidden.isQuantized() || !(output.scale() > 0.0f))
            return;
        const double ratio = static_cast<double>(output.scale()) / static_cast<double>(hidden.scale());
        if (std::abs(ratio - 1.0) < 1e-3 && hidden.zeroPoint() == output.zeroPoint())
            return;
        Finding finding{.id = "lstm-hidden-scale", .severity = Severity::Problem, .subject = "quantized model", .op = index, .tensor = op.intermediates[kLstmHidden]};
        finding.title = fmt::format("{}: the hidden state's scale is not the output's", placeOf(graph, index));
        finding.evidence = fmt::format("intermediates[4] has scale {} and zero point {}, the output {} and {}: TFLite's output is off by a factor of {:.3g}. TFLite Micro "
                                       "uses the output's and is right.", hidden.scale(), hidden.zeroPoint(), output.scale(), output.zeroPoint(), ratio);
        finding.remedy = "Calibrate with data on which the hidden state takes both signs.";
        findings.push_back(std::move(finding));
    });
}

} // namespace

extern const FindingRule lstm_hidden_scale_finding{"lstm-hidden-scale", check};

} // namespace quantloupe
