// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/debugger.h"
#include "graph/model.h"
#include "report/finding.h"

#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

namespace quantloupe {

/// A run that ended, and what it came to.
struct RunFacts {
    const Subject &subject;
    const Dataset &dataset;
    const RunOptions &options;
    const Report &report;
    std::stop_token stop = {};
};

/// Something that can be said of a quantized model, without running it or from a run. One rule a file; a row in
/// findingRules().
struct FindingRule {
    std::string_view id; ///< of the findings it makes
    /// Adds a finding for each place where the rule's condition holds, with the figures that show it. Null for rules that
    /// need a run.
    void (*check)(const Model &quantized, std::vector<Finding> &findings);
    /// The same from a run; may run the model again on some samples. Null for rules that need none.
    void (*checkRun)(const RunFacts &run, std::vector<Finding> &findings) = nullptr;
};

std::span<const FindingRule *const> findingRules();

/// What all rules find without a run.
std::vector<Finding> findingsOf(const Model &quantized);
/// What all rules find in a run.
std::vector<Finding> findingsOf(const RunFacts &run);

} // namespace quantloupe
