// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"
#include "report/finding.h"

#include <span>
#include <string_view>
#include <vector>

namespace quantloupe {

/// Something that can be said of a quantized model without running it. One rule a file; a row in findingRules().
struct FindingRule {
    std::string_view id; ///< of the findings it makes
    /// Adds a finding for each place where the rule's condition holds, with the figures that show it.
    void (*check)(const Model &quantized, std::vector<Finding> &findings);
};

std::span<const FindingRule *const> findingRules();

/// What all rules find.
std::vector<Finding> findingsOf(const Model &quantized);

} // namespace quantloupe
