// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "debugger/finding_rule.h"

#include <memory>
#include <string_view>
#include <vector>

namespace quantloupe::test {

/// What all rules find in a model, of one id.
inline std::vector<Finding> findingsOf(const std::shared_ptr<const Model> &model, std::string_view id)
{
    auto findings = quantloupe::findingsOf(*model);
    std::erase_if(findings, [&](const Finding &finding) { return finding.id != id; });
    return findings;
}

} // namespace quantloupe::test
