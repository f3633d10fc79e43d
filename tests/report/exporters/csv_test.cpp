// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"
#include "report/export.h"
#include "support/sample_report.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

std::string csvOf(const Report &report)
{
    return findExporter("csv")->text(report, ErrorKind::Local);
}

} // namespace

TEST(csv, beginsWithTheColumnsOfMltk)
{
    const std::string text = csvOf(test::sampleReport());
    EXPECT_EQ(text.substr(0, text.find(",rmse,")),
              "op_name,tensor_idx,num_elements,stddev,mean_error,max_abs_error,mean_squared_error,scale,zero_point,tensor_name,range,rmse/scale");
}

TEST(csv, writesNumbersAsPythonDoesAndLinesWithCrlf)
{
    const std::string text = csvOf(test::sampleReport());
    const auto second = text.find("\r\n") + 2;
    EXPECT_EQ(text.substr(second, text.find(",0.5,", second) - second), "CONV_2D,3,3920.0,7.275548153273803e-08,nan");
    EXPECT_TRUE(text.ends_with("\r\n"));
}

TEST(csv, defusesFormulasAndQuotesInNames)
{
    Report report = test::sampleReport();
    report.rows[0].tensorName = "=HYPERLINK(\"x\",1)";
    EXPECT_NE(csvOf(report).find("\"'=HYPERLINK(\"\"x\"\",1)\""), std::string::npos);
}
