// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cli_process.h"

#include <gtest/gtest.h>

using quantloupe::test::runCli;

TEST(listCommand, knowsOperatorsMetricsAndFormats)
{
    EXPECT_NE(runCli({"list", "operators"}).output.find("CONV_2D"), std::string::npos);
    EXPECT_NE(runCli({"list", "metrics"}).output.find("rmse/scale"), std::string::npos);
    EXPECT_NE(runCli({"list", "formats"}).output.find("*.mltk.zip"), std::string::npos);
    EXPECT_EQ(runCli({"list", "dreams"}).exitCode, 2);
}

TEST(commandLine, withoutACommandIsAUsageError)
{
    EXPECT_EQ(runCli({}).exitCode, 2);
    EXPECT_EQ(runCli({"--no-such-option"}).exitCode, 2);
}

TEST(commandLine, helpAndVersionAreDone)
{
    EXPECT_EQ(runCli({"--help"}).exitCode, 0);
    EXPECT_EQ(runCli({"report", "--help"}).exitCode, 0);
    EXPECT_NE(runCli({"--version"}).output.find("quantloupe-cli"), std::string::npos);
}
