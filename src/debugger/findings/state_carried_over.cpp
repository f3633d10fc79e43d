// SPDX-License-Identifier: GPL-3.0-or-later
//
// With state `carry`, as TensorFlow's QuantizationDebugger does it, an LSTM starts a sample where the sample before left
// off, and its error holds the difference of the two states. The same samples with `reset` tell how much that is.
#include "debugger/finding_rule.h"

#include "metrics/metric.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::size_t kSamples = 32;
constexpr double kShare = 0.05; ///< a difference to speak of

const TensorComparison *rowOf(const Report &report, OperatorIndex op)
{
    const auto row = std::ranges::find(report.rows, op, &TensorComparison::op);
    return row == report.rows.end() ? nullptr : &*row;
}

/// rmse/scale of the operator's output; NaN where it was not measured.
double errorOf(const Report &report, OperatorIndex op, ErrorKind kind)
{
    const TensorComparison *const row = rowOf(report, op);
    const auto metric = static_cast<std::size_t>(metricIndex("rmse/scale"));
    return row && row->statistics(kind) ? row->statistics(kind)->metrics[metric] : std::nan("");
}

void checkRun(const RunFacts &run, std::vector<Finding> &findings)
{
    if (run.options.state != StatePolicy::Carry || run.report.rnn.empty() || run.report.samples < 2)
        return;
    const ErrorKind kind = run.options.local ? ErrorKind::Local : ErrorKind::Accumulated;
    RunOptions options = run.options;
    options.samples = std::min(kSamples, run.report.samples);
    options.local = kind == ErrorKind::Local;
    options.accumulated = kind == ErrorKind::Accumulated;
    options.findings = false;
    const auto carried = compareModels(run.subject, run.dataset, options, run.stop);
    options.state = StatePolicy::Reset;
    const auto reset = compareModels(run.subject, run.dataset, options, run.stop);
    if (!carried || !reset || (*carried)->samples != options.samples || (*reset)->samples != options.samples)
        return;
    for (const RnnTrace &trace : run.report.rnn) {
        const double with = errorOf(**carried, trace.op, kind);
        const double without = errorOf(**reset, trace.op, kind);
        if (!(std::abs(with - without) > kShare * without))
            continue;
        Finding finding{.id = "state-carried-over", .severity = Severity::Warning, .subject = "dataset", .op = trace.op, .tensor = trace.tensor};
        finding.title = fmt::format("operator {} {}: its error holds state of the sample before", trace.op.value, trace.opName);
        finding.evidence = fmt::format("On the first {} samples its {} rmse/scale is {:.3g} with state carried from sample to sample and {:.3g} with state reset before each.",
                                       options.samples, name(kind), with, without);
        finding.remedy = "Compare with state reset unless the device carries state too; TensorFlow's QuantizationDebugger always carries it.";
        findings.push_back(std::move(finding));
    }
}

} // namespace

extern const FindingRule state_carried_over_finding{"state-carried-over", nullptr, checkRun};

} // namespace quantloupe
