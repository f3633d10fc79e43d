// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/metric.h"
#include "report/causes.h"
#include "report/evaluation.h"
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

TEST(json, keepsTheInsidesOfRecurrentOperators)
{
    const Report sample = test::sampleReport();
    const auto report = readReportJson(jsonOf(sample), "r.json");
    ASSERT_TRUE(report) << report.error().message();
    ASSERT_EQ(report->rnn.size(), 1u);
    const RnnTrace &trace = report->rnn.front();
    EXPECT_EQ(trace.steps, 2u);
    EXPECT_EQ(trace.quantities[0].role, RnnRole::GateSum);
    EXPECT_EQ(trace.quantities[0].local->floats.saturated, sample.rnn[0].quantities[0].local->floats.saturated);
    EXPECT_FALSE(trace.quantities[0].accumulated);
    EXPECT_EQ(trace.quantities[1].accumulated->meanSquaredErrorByUnit, sample.rnn[0].quantities[1].accumulated->meanSquaredErrorByUnit);
    EXPECT_TRUE(std::isnan(trace.quantities[1].accumulated->rmse[1]));
    EXPECT_TRUE(std::isinf(trace.quantities[1].highest));
}

TEST(json, keepsTheFormsOfAnUnrolledLayersSteps)
{
    Report report = test::sampleReport();
    report.rnn[0].operators = 12;
    report.rnn[0].quantities[0].scaleByStep = {0.5, std::numeric_limits<double>::quiet_NaN()};
    report.rnn[0].quantities[0].lowestByStep = {-64.0, std::numeric_limits<double>::quiet_NaN()};
    report.rnn[0].quantities[0].highestByStep = {63.5, std::numeric_limits<double>::quiet_NaN()};
    const auto read = readReportJson(jsonOf(report), "r.json");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->rnn[0].operators, 12u);
    EXPECT_EQ(read->rnn[0].quantities[0].lowestByStep[0], -64.0);
    EXPECT_TRUE(std::isnan(read->rnn[0].quantities[0].scaleByStep[1]));
    EXPECT_TRUE(read->rnn[0].quantities[1].scaleByStep.empty());
    report.rnn[0].quantities[0].highestByStep.pop_back();
    EXPECT_FALSE(readReportJson(jsonOf(report), "r.json"));
}

TEST(json, refusesATraceWhoseListsDoNotFitItsSteps)
{
    Report report = test::sampleReport();
    report.rnn[0].quantities[0].local->rmse.push_back(1.0);
    const auto longer = readReportJson(jsonOf(report), "r.json");
    ASSERT_FALSE(longer);
    EXPECT_NE(longer.error().message().find("rmse"), std::string::npos) << longer.error().message();
    report = test::sampleReport();
    report.rnn[0].quantities[1].accumulated->meanSquaredErrorByUnit.pop_back();
    EXPECT_FALSE(readReportJson(jsonOf(report), "r.json"));
    report = test::sampleReport();
    report.rnn[0].quantities[1].saturatedByUnit.clear();
    EXPECT_FALSE(readReportJson(jsonOf(report), "r.json"));
}

TEST(json, withoutInsidesIsReadAsAReportOfThem)
{
    std::string text = jsonOf(test::sampleReport());
    text.replace(text.rfind("\"rnn\""), 5, "\"old\"");
    const auto report = readReportJson(text, "r.json");
    ASSERT_TRUE(report) << report.error().message();
    EXPECT_TRUE(report->rnn.empty());
}

TEST(json, ofAnotherKindIsRefusedByItsMissingField)
{
    const auto report = readReportJson(R"({"schemaVersion": 1})", "r.json");
    ASSERT_FALSE(report);
    EXPECT_NE(report.error().message().find("floatModel"), std::string::npos) << report.error().message();
}

TEST(json, evaluationAndCausesReadBackToTheSameText)
{
    const std::string text = jsonOf(test::sampleReportWithPasses());
    const auto report = readReportJson(text, "r.json");
    ASSERT_TRUE(report) << report.error().message();
    ASSERT_TRUE(report->evaluation && report->causes);
    EXPECT_EQ(jsonOf(*report), text);
    EXPECT_EQ(report->evaluation->changed, test::sampleReportWithPasses().evaluation->changed);
    EXPECT_EQ(report->causes->operators.front(), test::sampleReportWithPasses().causes->operators.front());
    EXPECT_TRUE(std::isnan(report->causes->operators.back().outputRmse));
}

TEST(json, anEvaluationWhosePartsDisagreeIsRefused)
{
    const std::string text = jsonOf(test::sampleReportWithPasses());
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string changed = text;
        changed.replace(changed.find(from), from.size(), to);
        return readReportJson(changed, "r.json");
    };
    EXPECT_FALSE(with("\"quantized\": 0", "\"quantized\": 9")) << "a class that has no name";
    EXPECT_FALSE(with("\"label\": 1", "\"label\": -1"));
    EXPECT_FALSE(with("\"_unknown_\"", "\"_unknown_\", \"one more\""));
}
