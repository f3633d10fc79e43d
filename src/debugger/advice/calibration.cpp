// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ranges that do not fit in many places are not the model's fault but that of the data it was calibrated with.
#include "debugger/advice_rule.h"
#include "debugger/advice/code_usage.h"
#include "debugger/advice/outside.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr double kMostMisfits = 0.25; ///< of the rows
constexpr std::size_t kFewestRows = 2;
constexpr double kSmallestSpan = 0.5; ///< as for unused-range

void check(const AdviceContext &context, std::vector<Finding> &findings)
{
    std::vector<const TensorComparison *> rows;
    std::size_t clipped = 0;
    std::size_t looked = 0;
    for (const TensorComparison &row : context.report.rows) {
        const CodeUsage usage = codeUsage(row.quantizedValues);
        if (usage.values < kFewestValues || usage.distinct < 2)
            continue;
        ++looked;
        const bool isClipped = outsideShare(row) > kMostOutside;
        clipped += isClipped;
        if (isClipped || usage.spanShare() < kSmallestSpan)
            rows.push_back(&row);
    }
    if (rows.size() < kFewestRows || static_cast<double>(rows.size()) <= kMostMisfits * static_cast<double>(looked))
        return;
    findings.push_back({.id = "calibration", .severity = Severity::Warning, .title = "The ranges do not fit these data: calibrate with more, or with better ones",
                        .evidence = fmt::format("Of {} tensors {} are clipped and {} leave more than half of their codes unused: {}.", looked, clipped, rows.size() - clipped, placesText(rows)),
                        .remedy = "Take 100 to 500 samples of real use as the representative dataset, of all classes and preprocessed as in use, and convert again.", .subject = "quantized model",
                        .op = rows.front()->op, .tensor = rows.front()->tensor,
                        .threshold = fmt::format("more than {:.0f} % of the tensors (at least {}) clipped or using less than half of their codes", 100.0 * kMostMisfits, kFewestRows),
                        .source = "TensorFlow Lite guide \"Post-training quantization\" (representative dataset)", .samples = context.report.samples});
}

} // namespace

extern const AdviceRule calibration_advice{"calibration", check};

} // namespace quantloupe
