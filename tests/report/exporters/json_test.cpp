// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"
#include "report/export.h"
#include "report/read_report.h"
#include "support/sample_report.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

std::string jsonOf(const Report &report)
{
    return findExporter("json")->text(report, ErrorKind::Local);
}

} // namespace

TEST(json, readsBackToTheSameText)
{
    const std::string text = jsonOf(test::sampleReport());
    const auto report = readReportJson(text, "r.json");
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_EQ(jsonOf(*report), text);
    EXPECT_EQ(report->rows.size(), 2u);
    EXPECT_TRUE(std::isnan(report->rows[0].local->metrics[static_cast<std::size_t>(metricIndex("mean_error"))]));
}

TEST(json, ofNamesThatAreNotUtf8IsStillJson)
{
    Report report = test::sampleReport();
    report.rows[0].tensorName = "\xff\xfe";
    EXPECT_TRUE(readReportJson(jsonOf(report), "r.json"));
}

TEST(json, truncatedAnywhereIsRefusedWithAMessage)
{
    const std::string text = jsonOf(test::sampleReport());
    for (std::size_t length = 0; length + 2 < text.size(); length += 7)
        EXPECT_EQ(readReportJson(text.substr(0, length), "r.json").error().code, ErrorCode::ReportDamaged) << length;
}

TEST(json, ofAnotherKindIsRefusedByItsMissingField)
{
    const auto report = readReportJson(R"({"schemaVersion": 1})", "r.json");
    ASSERT_FALSE(report);
    EXPECT_NE(report.error().message().find("floatModel"), std::string::npos) << report.error().message();
}
