// SPDX-License-Identifier: GPL-3.0-or-later
//
// The int16 cell of an integer LSTM ends at 32767 steps of its scale. Where the float cell goes beyond, the quantized one
// stays behind and every later step is wrong with it: the usual reason for an LSTM whose error grows along time.
#include "debugger/finding_rule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kProblemShare = 0.001; ///< of the values of some step

/// The largest magnitude of the float cell: of the float model where it ran, else of the float twin.
double floatReach(const RnnQuantity &cell)
{
    double reach = 0.0;
    if (const auto &error = cell.accumulated ? cell.accumulated : cell.local)
        for (std::size_t step = 0; step < error->floats.max.size(); ++step)
            for (const double value : {error->floats.min[step], error->floats.max[step]})
                if (std::isfinite(value))
                    reach = std::max(reach, std::abs(value));
    return reach;
}

/// "the float cell reaches 9.2, which a scale of 2^-11 holds": nothing where the float side is not known to go further.
std::string whatWouldHold(const RnnQuantity &cell)
{
    const double reach = floatReach(cell);
    if (!(reach > cell.highest))
        return {};
    const double exponent = std::ceil(std::log2(reach / 32767.0));
    return fmt::format(" The float cell reaches {:.3g}: a scale of 2^{:.0f} would hold it, the model has {:.4g}{}.", reach, exponent, cell.scale,
                       std::exp2(std::round(std::log2(static_cast<double>(cell.scale)))) == static_cast<double>(cell.scale) ? fmt::format(" = 2^{:.0f}", std::log2(static_cast<double>(cell.scale))) : "");
}

/// A cell that ends before its type does is clipped on purpose (cell_clip), as the float one is.
bool isClipped(const RnnQuantity &cell)
{
    return cell.highest < 32766.5 * static_cast<double>(cell.scale);
}

void checkRun(const RunFacts &run, std::vector<Finding> &findings)
{
    for (const RnnTrace &trace : run.report.rnn) {
        const RnnQuantity *const cell = trace.find("cell");
        if (!cell || trace.operators > 1 || cell->type != DataType::Int16 || isClipped(*cell)) // an unrolled cell's scale is any
            continue;
        const std::vector<double> &shares = cell->quantized.saturated;
        const auto isSaturated = [](double share) { return share > 0.0; };
        const auto first = std::ranges::find_if(shares, isSaturated);
        if (first == shares.end())
            continue;
        const auto last = std::find_if(shares.rbegin(), shares.rend(), isSaturated);
        const auto worst = std::ranges::max_element(shares);
        const auto units = std::ranges::count_if(cell->saturatedByUnit, isSaturated);
        Finding finding{.id = "lstm-cell-saturates", .subject = "quantized model", .op = trace.op, .tensor = trace.tensor};
        finding.severity = *worst > kProblemShare ? Severity::Problem : Severity::Warning;
        finding.title = fmt::format("operator {} {}: the int16 cell saturates", trace.op.value, trace.opName);
        finding.evidence = fmt::format("Cells lie on the ends of int16 ({:.4g} to {:.4g}) from time step {} to {} of {}, in {} of {} units; at step {} it is {:.2f} % of them.{}",
                                       cell->lowest, cell->highest, first - shares.begin(), shares.rend() - last - 1, trace.steps, units, cell->units, worst - shares.begin(),
                                       100.0 * *worst, whatWouldHold(*cell));
        finding.remedy = "Calibrate with state carried over whole sequences, so that the converter sees how far the cell goes, or normalise what the LSTM is fed.";
        findings.push_back(std::move(finding));
    }
}

} // namespace

extern const FindingRule lstm_cell_saturates_finding{"lstm-cell-saturates", nullptr, checkRun};

} // namespace quantloupe
