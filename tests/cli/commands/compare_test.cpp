// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli_process.h"
#include "support/paths.h"
#include "support/temporary_folder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace quantloupe;
using test::runCli;

namespace {

const std::string kArchive = (test::samplesFolder() / "spoken_digits_plain.mltk.zip").string();
const std::string kDataset = (test::samplesFolder() / "spoken_digits_plain_debug.npz").string();
const std::string kReset = (test::sourceFolder() / "tests/data/spoken_digits_plain_reference_reset.csv").string();
const std::string kCarry = (test::sourceFolder() / "tests/data/spoken_digits_plain_reference_carry.csv").string();

} // namespace

TEST(compareCommand, seesTheLstmsStateInTwoReports)
{
    const auto outcome = runCli({"compare", kCarry, kReset});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.errors;
    EXPECT_NE(outcome.output.find("improved"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find("UNIDIRECTIONAL_SEQUENCE_LSTM"), std::string::npos) << outcome.output;
    EXPECT_EQ(runCli({"compare", kCarry, kReset, "--fail-on-regression", "--tolerance", "0.05"}).exitCode, 0) << "all improved or stayed";
    EXPECT_EQ(runCli({"compare", kReset, kCarry, "--fail-on-regression"}).exitCode, 1);
}

TEST(compareCommand, takesACsvAnArchiveAndOurJsonAlike)
{
    const test::TemporaryFolder folder;
    ASSERT_EQ(runCli({"report", kArchive, "--dataset", kDataset, "--samples", "5", "--json", folder / "r.json", "--csv", folder / "r.csv"}).exitCode, 0);
    const auto same = runCli({"compare", folder / "r.csv", folder / "r.json", "--csv", "-"});
    EXPECT_EQ(same.exitCode, 0) << same.errors;
    EXPECT_EQ(same.output.find("improved"), std::string::npos) << same.output;
    EXPECT_EQ(same.output.find("regressed"), std::string::npos) << same.output;
    const auto archive = runCli({"compare", kArchive, folder / "r.json", "--json", "-"});
    ASSERT_EQ(archive.exitCode, 0) << archive.errors;
    EXPECT_EQ(nlohmann::json::parse(archive.output)["rows"].size(), 9u);
    EXPECT_EQ(runCli({"compare", kArchive, folder / "r.json", "--metric", "sqnr"}).exitCode, 2) << "MLTK's report has no such column";
}

TEST(compareCommand, runsArchivesWhereThereIsADataset)
{
    const auto outcome = runCli({"compare", kArchive, kArchive, "--dataset", kDataset, "--samples", "3", "--error", "accumulated", "--json", "-"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.errors;
    const auto json = nlohmann::json::parse(outcome.output);
    EXPECT_EQ(json["error"][0], "accumulated");
    EXPECT_EQ(json["counts"]["same"], 9);
}

TEST(compareCommand, ofWhatIsNoReportIsBadInput)
{
    const test::TemporaryFolder folder;
    std::ofstream(folder / "x.json") << "{}";
    std::ofstream(folder / "x.csv") << "a,b\n1,2\n";
    EXPECT_EQ(runCli({"compare", kReset, folder / "x.json"}).exitCode, 3);
    EXPECT_EQ(runCli({"compare", kReset, folder / "x.csv"}).exitCode, 3);
    EXPECT_EQ(runCli({"compare", kReset, folder / "missing.csv"}).exitCode, 3);
    EXPECT_EQ(runCli({"compare", kReset}).exitCode, 2);
}
