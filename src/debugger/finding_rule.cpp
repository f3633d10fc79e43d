// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/finding_rule.h"

namespace quantloupe {

#define QL_ITEM(item) extern const FindingRule item##_finding;
#include "registry/findings.inc"
#undef QL_ITEM

std::span<const FindingRule *const> findingRules()
{
#define QL_ITEM(item) &item##_finding,
    static constexpr const FindingRule *kRules[] = {
#include "registry/findings.inc"
    };
#undef QL_ITEM
    return kRules;
}

std::vector<Finding> findingsOf(const Model &quantized)
{
    std::vector<Finding> findings;
    for (const FindingRule *rule : findingRules())
        if (rule->check)
            rule->check(quantized, findings);
    return findings;
}

std::vector<Finding> findingsOf(const RunFacts &run)
{
    std::vector<Finding> findings;
    for (const FindingRule *rule : findingRules())
        if (rule->checkRun)
            rule->checkRun(run, findings);
    return findings;
}

} // namespace quantloupe
