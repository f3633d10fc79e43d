// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli_process.h"
#include "report/causes.h"
#include "report/evaluation.h"
#include "report/read_report.h"
#include "support/paths.h"
#include "support/temporary_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace quantloupe;
using test::runCli;

namespace {

const std::string kArchive = (test::samplesFolder() / "spoken_digits_plain.mltk.zip").string();
const std::string kDataset = (test::samplesFolder() / "spoken_digits_plain_debug.npz").string();

} // namespace

TEST(reportCommand, writesTheCsvToStandardOutput)
{
    const auto outcome = runCli({"report", kArchive, "--dataset", kDataset, "--samples", "3", "--error", "local", "--csv", "-"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.errors;
    EXPECT_TRUE(outcome.output.starts_with("op_name,tensor_idx,num_elements,")) << outcome.output;
    EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 10) << "nine operators and the heading";
    EXPECT_NE(outcome.output.find("UNIDIRECTIONAL_SEQUENCE_LSTM"), std::string::npos);
}

TEST(reportCommand, writesEveryFormatWhole)
{
    const test::TemporaryFolder folder;
    const auto outcome = runCli({"report", kArchive, "--dataset", "random:2:5", "--csv", folder / "r.csv", "--json", folder / "r.json", "--html", folder / "r.html"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.errors;
    std::ifstream json(folder / "r.json");
    const std::string text{std::istreambuf_iterator<char>(json), {}};
    const auto report = readReportJson(text, "r.json");
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_EQ(report->samples, 2u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 3);
}

TEST(reportCommand, passesAThresholdWithExitCodeOne)
{
    const auto outcome = runCli({"report", kArchive, "--dataset", kDataset, "--samples", "4", "--fail-if", "rmse/scale>0.4"});
    EXPECT_EQ(outcome.exitCode, 1) << outcome.errors;
    EXPECT_NE(outcome.errors.find("UNIDIRECTIONAL_SEQUENCE_LSTM"), std::string::npos) << outcome.errors;
    EXPECT_EQ(runCli({"report", kArchive, "--dataset", kDataset, "--samples", "4", "--fail-if", "rmse/scale>400"}).exitCode, 0);
}

TEST(reportCommand, refusesAnUnknownMetricAsUsage)
{
    const auto outcome = runCli({"report", kArchive, "--dataset", kDataset, "--fail-if", "beauty>1"});
    EXPECT_EQ(outcome.exitCode, 2);
    EXPECT_NE(outcome.errors.find("rmse/scale"), std::string::npos) << "says which there are: " << outcome.errors;
}

TEST(reportCommand, refusesADatasetOfAnotherShape)
{
    const test::TemporaryFolder folder;
    const auto outcome = runCli({"report", kArchive, "--dataset", folder / "none.npz"});
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_NE(outcome.errors.find("none.npz"), std::string::npos) << outcome.errors;
}

TEST(reportCommand, needsAnArchiveOrAPair)
{
    EXPECT_EQ(runCli({"report", "--dataset", kDataset}).exitCode, 2);
    EXPECT_EQ(runCli({"report", kArchive, "--float", "f.tflite", "--dataset", kDataset}).exitCode, 2);
}

TEST(reportCommand, addsEvaluationAndCausesWhenAsked)
{
    const test::TemporaryFolder folder;
    const auto outcome = runCli({"report", kArchive, "--dataset", kDataset, "--samples", "20", "--evaluate", "--causes-samples", "4", "--causes-csv", folder / "c.csv", "--json", folder / "r.json", "--html",
                                 folder / "r.html", "--node-data", folder / "n.json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.errors;
    std::ifstream json(folder / "r.json");
    const auto report = readReportJson(std::string{std::istreambuf_iterator<char>(json), {}}, "r.json");
    ASSERT_TRUE(report) << report.error().message();
    ASSERT_TRUE(report->evaluation && report->causes);
    EXPECT_EQ(report->evaluation->samples, 20u);
    EXPECT_EQ(report->causes->samples, 4u);
    EXPECT_EQ(report->causes->operators.size(), report->rows.size());
    std::ifstream csv(folder / "c.csv");
    const std::string causes{std::istreambuf_iterator<char>(csv), {}};
    EXPECT_TRUE(causes.starts_with("op_index,tensor_idx,op_name,tensor_name,output_rmse,")) << causes;
    EXPECT_NE(causes.find("UNIDIRECTIONAL_SEQUENCE_LSTM"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(folder / "n.json"));
}

TEST(reportCommand, advisesOnTheLstm)
{
    const test::TemporaryFolder folder;
    ASSERT_EQ(runCli({"report", kArchive, "--dataset", kDataset, "--json", folder / "r.json"}).exitCode, 0);
    std::ifstream json(folder / "r.json");
    const auto report = readReportJson(std::string{std::istreambuf_iterator<char>(json), {}}, "r.json");
    ASSERT_TRUE(report) << report.error().message();
    for (const char *const id : {"lstm-normalization", "rnn-16x8"})
        EXPECT_EQ(std::ranges::count(report->findings, id, &Finding::id), 1) << id;
}

TEST(reportCommand, looksCloselyAtARowAndWritesItsTables)
{
    const test::TemporaryFolder folder;
    const auto outcome = runCli({"report", kArchive, "--dataset", kDataset, "--samples", "2", "--details", "1", "--json", folder / "r.json", "--details-csv", folder / "tables"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.errors;
    std::ifstream json(folder / "r.json");
    const std::string text{std::istreambuf_iterator<char>(json), {}};
    EXPECT_NE(text.find("\"details\""), std::string::npos);
    EXPECT_TRUE(readReportJson(text, "r.json")) << "a report with details is read back";
    std::ifstream channels(folder / "tables/row-1-channels.csv");
    std::string heading;
    std::getline(channels, heading);
    EXPECT_TRUE(heading.starts_with("channel,local_rmse,")) << heading;
    EXPECT_TRUE(std::filesystem::exists(folder / "tables/row-1-weights.csv"));
}

TEST(reportCommand, refusesDetailsOfARowThatIsNotThereOrThatGoNowhere)
{
    for (const std::string row : {"0", "99", "first", "-1"}) {
        const auto outcome = runCli({"report", kArchive, "--dataset", kDataset, "--samples", "1", "--details", row, "--json", "-"});
        EXPECT_EQ(outcome.exitCode, 2) << row;
        EXPECT_NE(outcome.errors.find("--details"), std::string::npos) << outcome.errors;
    }
    EXPECT_EQ(runCli({"report", kArchive, "--dataset", kDataset, "--details", "1"}).exitCode, 2);
    EXPECT_EQ(runCli({"report", kArchive, "--dataset", kDataset, "--details-csv", "somewhere"}).exitCode, 2);
}
