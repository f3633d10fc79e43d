// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/run_findings.h"

#include <cmath>

using namespace quantloupe;

namespace {

std::vector<Finding> gateFindings(std::vector<double> saturated, double floatReach)
{
    Report report;
    report.rnn = {test::traceOf("forget_gate_sum", RnnRole::GateSum, std::ldexp(1.0f, -12), 8.0, std::move(saturated), floatReach)};
    return test::findingsInReport("lstm-gates-saturate", report);
}

} // namespace

TEST(lstm_gates_saturate, saysWhichGateHowOftenAndHowFarTheFloatOneGoes)
{
    const auto findings = gateFindings({0.0, 0.06, 0.3}, 14.5);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::Warning);
    for (const char *const words : {"forget gate", "12.00 %", "step 2 (30.00 %)", "2 of 4 units", "14.5"})
        EXPECT_NE(findings[0].evidence.find(words), std::string::npos) << words << " in: " << findings[0].evidence;
}

TEST(lstm_gates_saturate, isANoteWhereFewSumsDo)
{
    const auto findings = gateFindings({0.0, 0.006, 0.003}, 9.0);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::Note);
}

TEST(lstm_gates_saturate, isSilentWhereNoneDo)
{
    EXPECT_TRUE(gateFindings({0.0, 0.0, 0.0}, 7.0).empty());
    EXPECT_TRUE(gateFindings({0.0, 0.0, 0.001}, 8.1).empty()) << "one value in a thousand steps";
}
