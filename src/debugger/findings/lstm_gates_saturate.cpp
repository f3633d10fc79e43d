// SPDX-License-Identifier: GPL-3.0-or-later
//
// Before its activation a gate of an integer LSTM is Q3.12 and ends at +-8. Sigmoid is 0.99966 there: a forget gate that
// should be 1 loses a third of a per mille at every step, and differences between sums beyond 8 are lost.
#include "debugger/finding_rule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kNoteShare = 0.001;   ///< of all values of a gate
constexpr double kWarningShare = 0.05;

double meanOf(const std::vector<double> &shares)
{
    double sum = 0.0;
    std::size_t count = 0;
    for (const double share : shares) {
        sum += std::isfinite(share) ? share : 0.0;
        count += std::isfinite(share);
    }
    return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

double floatReach(const RnnQuantity &gate)
{
    double reach = 0.0;
    if (const auto &error = gate.accumulated ? gate.accumulated : gate.local)
        for (std::size_t step = 0; step < error->floats.max.size(); ++step)
            for (const double value : {error->floats.min[step], error->floats.max[step]})
                if (std::isfinite(value))
                    reach = std::max(reach, std::abs(value));
    return reach;
}

void checkRun(const RunFacts &run, std::vector<Finding> &findings)
{
    for (const RnnTrace &trace : run.report.rnn) {
        if (trace.operators > 1) // the sums of unrolled layers have scales of their own
            continue;
        double worst = 0.0;
        std::string evidence;
        for (const RnnQuantity &gate : trace.quantities) {
            const double share = gate.role == RnnRole::GateSum && gate.type == DataType::Int16 ? meanOf(gate.quantized.saturated) : 0.0;
            if (share <= kNoteShare)
                continue;
            worst = std::max(worst, share);
            const auto step = std::ranges::max_element(gate.quantized.saturated) - gate.quantized.saturated.begin();
            const auto units = std::ranges::count_if(gate.saturatedByUnit, [](double ofUnit) { return ofUnit > 0.0; });
            evidence += fmt::format("{}{} gate: {:.2f} % of its sums on an end ({:.3g} to {:.3g}), most at time step {} ({:.2f} %), in {} of {} units; the float sums reach {:.3g}",
                                    evidence.empty() ? "" : ". ", gate.gate, 100.0 * share, gate.lowest, gate.highest, step, 100.0 * gate.quantized.saturated[static_cast<std::size_t>(step)],
                                    units, gate.units, floatReach(gate));
        }
        if (evidence.empty())
            continue;
        Finding finding{.id = "lstm-gates-saturate", .subject = "quantized model", .op = trace.op, .tensor = trace.tensor};
        finding.severity = worst > kWarningShare ? Severity::Warning : Severity::Note;
        finding.title = fmt::format("operator {} {}: gates saturate before their activation", trace.op.value, trace.opName);
        finding.evidence = evidence + ".";
        finding.remedy = "Smaller weights (weight decay) or a normalised input keep the sums within 8; without the forget gate it rarely matters.";
        findings.push_back(std::move(finding));
    }
}

} // namespace

extern const FindingRule lstm_gates_saturate_finding{"lstm-gates-saturate", nullptr, checkRun};

} // namespace quantloupe
