// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/finding_rule.h"
#include "support/graph_builder.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

std::vector<Finding> fallbackFindings(bool hasFloatOperator)
{
    test::GraphBuilder b;
    const auto x = b.op("QUANTIZE", {b.input("x", {2})}, "q", {2}, 0.1f);
    const auto y = b.op("RELU", {x}, "relu", {2}, 0.1f);
    const auto z = b.op("DEQUANTIZE", {y}, "dq", {2});
    if (hasFloatOperator)
        b.op("NEG", {z}, "neg", {2});
    auto findings = findingsOf(*b.model());
    std::erase_if(findings, [](const Finding &finding) { return finding.id != "float-fallback"; });
    return findings;
}

} // namespace

TEST(float_fallback, namesOperatorsThatRunInFloat)
{
    const auto findings = fallbackFindings(true);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_NE(findings[0].evidence.find("NEG"), std::string::npos);
}

TEST(float_fallback, isSilentOnConversionsAtTheEnds)
{
    EXPECT_TRUE(fallbackFindings(false).empty());
}
