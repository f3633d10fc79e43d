// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/report_csv.h"

#include "support/bytes.h"

#include <cmath>
#include <random>

namespace quantloupe::test {
namespace {

constexpr std::string_view kReport = "op_name,tensor_idx,scale,tensor_name\r\n"
                                     "CONV_2D,5,0.023529412,model/conv\r\n"
                                     "\"ADD\",-1,nan,\"a \"\"quoted\"\", name\r\nof two lines\"\r\n";

std::string refusal(std::string_view text)
{
    const auto table = readReportCsv(text, "r.csv");
    return table ? std::string() : table.error().message();
}

TEST(ReportCsv, rowsAndColumnsAreRead)
{
    const auto table = readReportCsv(kReport, "r.csv");
    ASSERT_TRUE(table) << table.error().message();
    EXPECT_EQ(table->columns, (std::vector<std::string>{"op_name", "tensor_idx", "scale", "tensor_name"}));
    ASSERT_EQ(table->rowCount(), 2u);
    EXPECT_EQ(table->cell(0, table->column("tensor_name")), "model/conv");
    EXPECT_EQ(table->cell(1, 3), "a \"quoted\", name\r\nof two lines");
    EXPECT_EQ(table->file, "r.csv");
}

TEST(ReportCsv, numbersAreReadWithoutALocale)
{
    const auto table = readReportCsv(kReport, "r.csv");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->number(0, "scale"), 0.023529412);
    EXPECT_EQ(table->number(1, "tensor_idx"), -1.0);
    EXPECT_TRUE(std::isnan(table->number(1, "scale")));
    EXPECT_TRUE(std::isnan(table->number(0, "op_name")));
    EXPECT_TRUE(std::isnan(table->number(0, "rmse/scale")));
}

TEST(ReportCsv, semicolonsLineFeedsAndAByteOrderMarkAreFine)
{
    const auto table = readReportCsv("\xef\xbb\xbfop_name;scale\nADD;0.5\n\nMUL;0.25", "r.csv");
    ASSERT_TRUE(table) << table.error().message();
    ASSERT_EQ(table->rowCount(), 2u);
    EXPECT_EQ(table->number(1, "scale"), 0.25);
}

TEST(ReportCsv, aReportWithoutRowsIsEmpty)
{
    const auto table = readReportCsv("op_name,scale\r\n", "r.csv");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rowCount(), 0u);
}

TEST(ReportCsv, anotherTableIsNoReport)
{
    EXPECT_EQ(refusal("name,value\na,1\n"), "r.csv: the report is damaged at line 1: expected a column op_name, as every quantization report has, got 2 columns without it");
    EXPECT_NE(refusal(""), "");
}

TEST(ReportCsv, aRowOfAnotherLengthIsNamedByItsLine)
{
    EXPECT_EQ(refusal("op_name,a\n\"x\ny\",1\nADD\n"), "r.csv: the report is damaged at line 4: expected 2 cells, got 1");
}

TEST(ReportCsv, anOpenQuoteIsRefused)
{
    EXPECT_EQ(refusal("op_name,a\nADD,\"1\n"), "r.csv: the report is damaged at line 2: expected a closing quote, got none");
    EXPECT_NE(refusal("op_name,a\nADD,\"1\"2\n"), "");
}

TEST(ReportCsv, endlessColumnsAndCellsAreRefused)
{
    EXPECT_NE(refusal("op_name" + std::string(5000, ',') + "\n"), "");
    EXPECT_NE(refusal("op_name\n" + std::string(2'000'000, 'a') + "\n"), "");
}

TEST(ReportCsv, flippedBytesNeverCrash)
{
    std::mt19937 random(5);
    for (int i = 0; i < 20000; ++i) {
        std::string mutant(kReport.substr(0, random() % (kReport.size() + 1)));
        for (int changes = 0; changes < 3 && !mutant.empty(); ++changes)
            mutant[random() % mutant.size()] = "\",;\r\na\0"[random() % 7];
        if (const auto table = readReportCsv(mutant, "r.csv")) {
            for (const auto &row : table->rows)
                EXPECT_EQ(row.size(), table->columns.size());
        }
    }
}

TEST(ReportCsv, theReferenceReportsAreRead)
{
    QL_SKIP_WITHOUT_ARCHIVE("spoken_digits_reference_carry.csv");
    const Bytes bytes = readFile(sharedArchive("spoken_digits_reference_carry.csv"));
    const auto table = readReportCsv({reinterpret_cast<const char *>(bytes.data()), bytes.size()}, "spoken_digits_reference_carry.csv");
    ASSERT_TRUE(table) << table.error().message();
    EXPECT_GT(table->rowCount(), 100u);
    EXPECT_GT(table->number(0, "rmse/scale"), 0.0);
}

} // namespace
} // namespace quantloupe::test
