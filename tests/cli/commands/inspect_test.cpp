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

} // namespace

TEST(inspectCommand, saysWhatIsInAnArchive)
{
    const auto outcome = runCli({"inspect", kArchive});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.errors;
    for (const char *const part : {"quantized model", "float model", "UNIDIRECTIONAL_SEQUENCE_LSTM", "quantization_report.csv"})
        EXPECT_NE(outcome.output.find(part), std::string::npos) << part << " in " << outcome.output;
}

TEST(inspectCommand, asJsonListsTensorsAndOperators)
{
    const auto outcome = runCli({"inspect", kArchive, "--json"});
    ASSERT_EQ(outcome.exitCode, 0) << outcome.errors;
    const auto json = nlohmann::json::parse(outcome.output);
    EXPECT_EQ(json["quantizedModel"]["kind"], "quantized");
    EXPECT_EQ(json["floatModel"]["kind"], "float");
    EXPECT_EQ(json["quantizedModel"]["subgraphs"][0]["operators"][1]["name"], "CONV_2D");
    EXPECT_EQ(json["quantizedModel"]["subgraphs"][0]["operators"][1]["options"]["stride_h"], 2);
    EXPECT_EQ(json["report"]["rows"].size(), 9u);
}

TEST(inspectCommand, ofWhatIsNoModelIsBadInput)
{
    const test::TemporaryFolder folder;
    std::ofstream(folder / "x.tflite") << "this is no model";
    const auto outcome = runCli({"inspect", folder / "x.tflite"});
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_NE(outcome.errors.find("x.tflite"), std::string::npos) << outcome.errors;
    EXPECT_EQ(runCli({"inspect", folder / "missing.tflite"}).exitCode, 3);
}
