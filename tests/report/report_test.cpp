// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"
#include "report/number_text.h"
#include "support/sample_report.h"
#include "support/temporary_folder.h"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace quantloupe;

namespace {

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

} // namespace

TEST(report, worstRowIsTheOneWithTheLargestRmseOverScale)
{
    const Report report = test::sampleReport();
    EXPECT_EQ(report.worstRow(ErrorKind::Local), 1);
}

TEST(report, worstRowPassesOverTensorsOfTooFewElements)
{
    Report report = test::sampleReport();
    report.rows[1].shape = {1};
    EXPECT_EQ(report.worstRow(ErrorKind::Local), 0);
}

TEST(numberText, isPythonsRepr)
{
    EXPECT_EQ(numberText(3920.0), "3920.0");
    EXPECT_EQ(numberText(0.0), "0.0");
    EXPECT_EQ(numberText(7.275548153273803e-08), "7.275548153273803e-08");
    EXPECT_EQ(numberText(-0.0 / 0.0), "nan");
    EXPECT_EQ(numberText(0.033326264f), "0.033326264");
}

TEST(writeWhole, leavesTheOldFileWhenTheNewOneCannotBeWritten)
{
    EXPECT_FALSE(writeWhole("/dev/full", "x"));
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
    EXPECT_FALSE(writeWhole("/nonexistent-folder/file", "x"));
}

TEST(writeWhole, replacesAFileAndLeavesNothingElse)
{
    const test::TemporaryFolder folder;
    ASSERT_TRUE(writeWhole(folder.path() / "a.csv", "old"));
    ASSERT_TRUE(writeWhole(folder.path() / "a.csv", "new"));
    EXPECT_EQ(contentOf(folder.path() / "a.csv"), "new");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}
