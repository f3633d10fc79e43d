// SPDX-License-Identifier: GPL-3.0-or-later
//
// TFLite's integer LSTM computes tanh(cell) only for cell scales 2^-15 .. 2^-9 (0 to 6 integer bits); outside, it
// silently uses the input gate instead (tensorflow/lite/kernels/lstm_eval.cc). At 2^-15 itself the int16 cell holds
// only -1 .. 1: what a converter writes that saw the cell at the start of a sequence only.
#include "debugger/finding_rule.h"
#include "debugger/findings/lstm_operators.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr int kSmallestExponent = -15;
constexpr int kLargestExponent = -9;

void check(const Model &quantized, std::vector<Finding> &findings)
{
    const Subgraph &graph = quantized.main();
    forEachIntegerLstm(graph, [&](OperatorIndex index, const Operator &op) {
        const TensorIndex cell = op.inputs[kLstmCellState];
        const float scale = graph.tensor(cell).quant.scale();
        const double exponent = std::log2(static_cast<double>(scale));
        Finding finding{.id = "lstm-cell-scale", .subject = "quantized model", .op = index, .tensor = cell};
        if (exponent < kSmallestExponent - 0.5 || exponent > kLargestExponent + 0.5) {
            finding.severity = Severity::Problem;
            finding.title = fmt::format("{}: TFLite skips tanh(cell), its output is wrong", placeOf(graph, index));
            finding.evidence = fmt::format("The cell's scale is 2^{:.0f}; TFLite computes tanh(cell) for 2^-15 to 2^-9 only and otherwise uses the input gate in its "
                                           "place. TFLite Micro is right for every scale.", exponent);
            finding.remedy = "Calibrate with sequences that reach the cell's real range, or normalise the LSTM's input.";
        } else if (exponent < kSmallestExponent + 0.5) {
            finding.severity = Severity::Warning;
            finding.title = fmt::format("{}: the cell can hold no more than -1 to 1", placeOf(graph, index));
            finding.evidence = fmt::format("The cell's scale is {} = 2^-15, so int16 ends at 1.0. Converters write it when they saw the cell only at the start of a "
                                           "sequence; beyond 1.0 it saturates.", scale);
            finding.remedy = "Look at the cell's trace; if it saturates, calibrate with state carried over whole sequences so that the scale grows to hold it.";
        } else {
            return;
        }
        findings.push_back(std::move(finding));
    });
}

} // namespace

extern const FindingRule lstm_cell_scale_finding{"lstm-cell-scale", check};

} // namespace quantloupe
