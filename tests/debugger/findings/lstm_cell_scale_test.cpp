// SPDX-License-Identifier: GPL-3.0-or-later
#include "debugger/finding_rule.h"
#include "support/lstm_graph.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

std::vector<Finding> cellFindings(int exponent)
{
    auto findings = findingsOf(*test::lstmGraph(std::ldexp(1.0f, exponent), 0.01f, 0.01f));
    std::erase_if(findings, [](const Finding &finding) { return finding.id != "lstm-cell-scale"; });
    return findings;
}

} // namespace

TEST(lstm_cell_scale, isAProblemWhereTfliteSkipsTanh)
{
    for (const int exponent : {-16, -8}) {
        const auto findings = cellFindings(exponent);
        ASSERT_EQ(findings.size(), 1u) << exponent;
        EXPECT_EQ(findings[0].severity, Severity::Problem);
        EXPECT_NE(findings[0].evidence.find("2^" + std::to_string(exponent)), std::string::npos) << findings[0].evidence;
        EXPECT_EQ(findings[0].op, OperatorIndex(0));
    }
}

TEST(lstm_cell_scale, isAWarningWhereTheCellEndsAtOne)
{
    const auto findings = cellFindings(-15);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::Warning);
}

TEST(lstm_cell_scale, isSilentInBetween)
{
    for (int exponent = -14; exponent <= -9; ++exponent)
        EXPECT_TRUE(cellFindings(exponent).empty()) << exponent;
}
