// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli_process.h"
#include "support/paths.h"
#include "support/temporary_folder.h"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace quantloupe;
using test::runCli;

namespace {

const std::string kArchive = (test::samplesFolder() / "spoken_digits_plain.mltk.zip").string();
const std::string kDataset = (test::samplesFolder() / "spoken_digits_plain_debug.npz").string();

} // namespace

TEST(evaluateCommand, saysAccuracyAndWhatChanged)
{
    const auto outcome = runCli({"evaluate", kArchive, "--dataset", kDataset});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.errors;
    for (const char *const part : {"accuracy", "ROC AUC", "seven", "right in float and wrong quantized", "the archive's own, tflite: accuracy 95.40 %"})
        EXPECT_NE(outcome.output.find(part), std::string::npos) << part << " in " << outcome.output;
}

TEST(evaluateCommand, writesTablesAndJson)
{
    const test::TemporaryFolder folder;
    const auto outcome = runCli({"evaluate", kArchive, "--dataset", kDataset, "--json", folder / "e.json", "--csv", "-", "--changed-csv", folder / "c.csv", "--clip-ms", "1000"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.errors;
    EXPECT_EQ(outcome.errors.find("\\x0a"), std::string::npos) << "lines stay lines: " << outcome.errors;
    EXPECT_TRUE(outcome.output.starts_with("class,name,support,float_recall,quantized_recall,")) << outcome.output;
    EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 12) << "eleven classes and the heading";
    const auto json = nlohmann::json::parse(std::ifstream(folder / "e.json"));
    EXPECT_EQ(json["schemaVersion"], 1);
    EXPECT_EQ(json["float"]["classification"]["confusion"].size(), 11u);
    EXPECT_EQ(json["samples"], 100);
    EXPECT_TRUE(json["quantized"]["keywordDetection"]["falseAcceptsPerHour"].is_number());
    std::size_t total = 0;
    for (const auto &row : json["quantized"]["classification"]["confusion"])
        for (const auto &count : row)
            total += count.get<std::size_t>();
    EXPECT_EQ(total, 100u);
    std::ifstream changed(folder / "c.csv");
    const std::string text{std::istreambuf_iterator<char>(changed), {}};
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), 1 + json["changed"].size());
}

TEST(evaluateCommand, withoutLabelsIsBadInput)
{
    const auto outcome = runCli({"evaluate", kArchive, "--dataset", "random:3"});
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_NE(outcome.errors.find("labels"), std::string::npos) << outcome.errors;
}

TEST(evaluateCommand, anUnknownTaskIsUsage)
{
    EXPECT_EQ(runCli({"evaluate", kArchive, "--dataset", kDataset, "--task", "regression"}).exitCode, 2);
    EXPECT_EQ(runCli({"evaluate", kArchive, "--dataset", kDataset, "--hop-ms", "-1"}).exitCode, 2);
}
