// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/bytes.h"
#include "support/paths.h"
#include "support/run_findings.h"

#include <cmath>

using namespace quantloupe;

namespace {

std::vector<Finding> cellFindings(float scale, double end, std::vector<double> saturated, double floatReach)
{
    Report report;
    report.rnn = {test::traceOf("cell", RnnRole::Cell, scale, end, std::move(saturated), floatReach)};
    return test::findingsInReport("lstm-cell-saturates", report);
}

} // namespace

TEST(lstm_cell_saturates, saysStepsUnitsShareAndWhatWouldHoldTheFloatCell)
{
    const auto findings = cellFindings(std::ldexp(1.0f, -13), std::ldexp(32767.0, -13), {0.0, 0.05, 0.25}, 9.2);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::Problem);
    EXPECT_EQ(findings[0].op, OperatorIndex(7));
    for (const char *const words : {"step 1 to 2 of 3", "2 of 4 units", "25.00 %", "reaches 9.2", "2^-11 would hold", "= 2^-13"})
        EXPECT_NE(findings[0].evidence.find(words), std::string::npos) << words << " in: " << findings[0].evidence;
}

TEST(lstm_cell_saturates, isAWarningWhereHardlyAnyCellDoes)
{
    const auto findings = cellFindings(std::ldexp(1.0f, -13), std::ldexp(32767.0, -13), {0.0, 0.0, 0.0005}, 3.0);
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::Warning);
    EXPECT_EQ(findings[0].evidence.find("would hold"), std::string::npos) << "the float cell is not known to go further";
}

TEST(lstm_cell_saturates, isSilentForCellsThatFitOrAreClippedOnPurpose)
{
    EXPECT_TRUE(cellFindings(std::ldexp(1.0f, -11), std::ldexp(32767.0, -11), {0.0, 0.0, 0.0}, 9.2).empty());
    EXPECT_TRUE(cellFindings(std::ldexp(1.0f, -11), 10.0, {0.0, 0.0, 0.1}, 10.0).empty()) << "cell_clip is 10 in both models";
}

TEST(lstm_cell_saturates, findsTheMisCalibratedCellAndNotTheGoodOne)
{
    EXPECT_TRUE(test::findingsInRun("lstm-cell-saturates", test::samplesFolder() / "spoken_digits_plain.mltk.zip", test::samplesFolder() / "spoken_digits_plain_debug.npz", {.samples = 20}).empty());
    QL_SKIP_WITHOUT_ARCHIVE("spoken_digits_cell.mltk.zip");
    const auto findings = test::findingsInRun("lstm-cell-saturates", test::sharedArchive("spoken_digits_cell.mltk.zip"), test::sharedArchive("spoken_digits_debug.npz"), {.samples = 20});
    ASSERT_EQ(findings.size(), 1u);
    EXPECT_EQ(findings[0].severity, Severity::Problem);
    EXPECT_NE(findings[0].evidence.find("would hold it"), std::string::npos) << findings[0].evidence;
}
