// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rmse of a tensor of one or two elements is one or two numbers a sample: it jumps from dataset to dataset
// (tensorflow issue 58633 takes such a row for a defect).
#include "debugger/advice_rule.h"

#include <cmath>
#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::int64_t kFewest = 4;        ///< elements a sample
constexpr double kFewestInAll = 1000.0;    ///< values over all samples that make up for it

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    for (const TensorComparison &row : context.report.rows) {
        const double error = measured(row, "rmse/scale");
        const double values = static_cast<double>(row.shape.elementCount()) * static_cast<double>(context.report.samples);
        if (row.shape.elementCount() > kFewest || values >= kFewestInAll || !(error > outlierThreshold()))
            continue;
        findings.push_back({.id = "few-elements", .severity = Severity::Note, .title = fmt::format("{}: its figure rests on few values", placeOf(row)),
                            .evidence = fmt::format("rmse/scale {:.3g} from {} element{} a sample, {:.0f} values in all: give or take {:.0f} % by chance alone.", error, row.shape.elementCount(),
                                                    row.shape.elementCount() == 1 ? "" : "s", values, 100.0 / std::sqrt(2.0 * values)),
                            .remedy = "Do not take it for an outlier before it was measured on more samples; look at the accuracy instead.", .subject = "dataset", .op = row.op,
                            .tensor = row.tensor, .threshold = fmt::format("rmse/scale above {} of at most {} elements a sample and fewer than {} values", outlierThreshold(), kFewest, kFewestInAll),
                            .source = "standard error of a root mean square, 1/sqrt(2n)", .samples = context.report.samples});
    }
}

} // namespace

extern const AdviceRule few_elements_advice{"few-elements", check};

} // namespace quantloupe
