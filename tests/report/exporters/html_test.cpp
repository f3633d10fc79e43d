// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"
#include "support/sample_report.h"

#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

std::string htmlOf(const Report &report, ErrorKind kind = ErrorKind::Local)
{
    return findExporter("html")->text(report, kind);
}

bool contains(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(html, beginsWithTheWorstRow)
{
    EXPECT_TRUE(contains(htmlOf(test::sampleReport()),
                         "Largest local error: <b>9.16 LSB</b> rmse/scale at operator 1 UNIDIRECTIONAL_SEQUENCE_LSTM (model/UNIDIRECTIONAL_SEQUENCE_LSTM). Rounding alone gives 0.2887."));
}

TEST(html, saysWhichErrorKernelsAndStateItRestsOn)
{
    const std::string text = htmlOf(test::sampleReport(), ErrorKind::Accumulated);
    EXPECT_TRUE(contains(text, "<th>Kernels</th><td>litert</td>"));
    EXPECT_TRUE(contains(text, "<th>State between samples</th><td>reset</td>"));
    EXPECT_TRUE(contains(text, "<th>Error shown</th><td>accumulated: "));
    EXPECT_TRUE(contains(text, "18.32"));
}

TEST(html, showsFindingsAndWhatWasLeftOut)
{
    const std::string text = htmlOf(test::sampleReport());
    EXPECT_TRUE(contains(text, "<b>warning: The float model is &lt;dynamic-range&gt;</b> 1 &amp; 2"));
    EXPECT_TRUE(contains(text, "Left out: operator 7 CUSTOM has no twin"));
}

TEST(html, marksTheRowsThatRoundingDoesNotExplain)
{
    const std::string text = htmlOf(test::sampleReport());
    EXPECT_TRUE(contains(text, "<tr class=\"good\"><td class=\"number\">0</td><td>CONV_2D</td>"));
    EXPECT_TRUE(contains(text, "<tr class=\"bad\"><td class=\"number\">1</td>"));
}

TEST(html, namesFromFilesCannotBecomeMarkup)
{
    Report report = test::sampleReport();
    for (std::string *name : {&report.rows[0].tensorName, &report.rows[0].opName, &report.quantizedModel.file, &report.dataset, &report.findings[0].evidence, &report.leftOut[0]})
        *name = "<script>alert('\"&\")</script>\x1b[31m";
    const std::string text = htmlOf(report);
    EXPECT_FALSE(contains(text, "<script"));
    EXPECT_FALSE(contains(text, "\x1b"));
    EXPECT_TRUE(contains(text, "&lt;script&gt;alert(&#39;&quot;&amp;&quot;)&lt;/script&gt;\\x1b[31m"));
}

TEST(html, needsNothingFromOutside)
{
    const std::string text = htmlOf(test::sampleReport());
    for (const std::string_view part : {"http://", "https://", "src=", "href=", "<script"})
        EXPECT_FALSE(contains(text, part)) << part;
}

TEST(html, aRowThatWasNotComparedSaysWhy)
{
    Report report = test::sampleReport();
    report.rows[1].local.reset();
    report.rows[1].whyNotCompared = "no float tensor corresponds to it";
    EXPECT_TRUE(contains(htmlOf(report), "<td colspan=\"5\">no float tensor corresponds to it</td>"));
}

TEST(html, anEmptyReportIsStillAPage)
{
    const std::string text = htmlOf(Report{});
    EXPECT_TRUE(contains(text, "No tensor could be compared by its local error."));
    EXPECT_TRUE(text.ends_with("</html>\n"));
}

TEST(html, isHeadedByFileNamesWithoutFolders)
{
    Report report = test::sampleReport();
    report.quantizedModel.file = "/home/someone/models/a.mltk.zip:sub/a.tflite";
    const std::string text = htmlOf(report);
    EXPECT_TRUE(contains(text, "<title>Quantization of a.tflite</title>"));
    EXPECT_TRUE(contains(text, "<h1>Quantization of a.tflite</h1>"));
    EXPECT_TRUE(contains(text, "a.tflite in a.mltk.zip (quantized"));
    EXPECT_FALSE(contains(text, "someone"));
}

TEST(html, drawsTheErrorsOfTheWorstTensors)
{
    EXPECT_TRUE(contains(htmlOf(test::sampleReport()), "<figcaption>operator 1 UNIDIRECTIONAL_SEQUENCE_LSTM (model/UNIDIRECTIONAL_SEQUENCE_LSTM), rmse/scale 9.16</figcaption>"));
}

TEST(html, showsTheEvaluationWithMatricesCurvesAndRegressions)
{
    const std::string text = htmlOf(test::sampleReportWithPasses());
    EXPECT_TRUE(contains(text, "<tr><th>Accuracy</th><td class=\"number\">75.00 %</td><td class=\"number\">75.00 %</td></tr>"));
    EXPECT_TRUE(contains(text, "quantized minus float"));
    EXPECT_TRUE(contains(text, "<title>&lt;no&gt; taken for yes: 1</title>"));
    EXPECT_TRUE(contains(text, "<polyline class=\"quantized\""));
    EXPECT_TRUE(contains(text, "<tr class=\"bad\"><td class=\"number\">1</td><td>&lt;no&gt;</td><td>&lt;no&gt;</td><td>yes</td>"));
    EXPECT_TRUE(contains(text, "False accepts per hour"));
    EXPECT_TRUE(contains(text, "accuracy 75.00 %, ROC AUC n/a"));
}

TEST(html, showsTheCausesAsBars)
{
    const std::string text = htmlOf(test::sampleReportWithPasses());
    EXPECT_TRUE(contains(text, "<title>inputs: 50.0 %</title>"));
    EXPECT_TRUE(contains(text, "aria-label=\"largest cause: inputs\""));
    EXPECT_FALSE(contains(htmlOf(test::sampleReport()), "Where the errors come from"));
}

TEST(html, anAdviceSaysWhatItRestsOn)
{
    Report report = test::sampleReport();
    report.findings[0].threshold = "range > 255";
    report.findings[0].source = "a guide";
    report.findings[0].samples = 12;
    EXPECT_TRUE(contains(htmlOf(report), "<small>Fires at: range &gt; 255. Rests on 12 samples. Source: a guide.</small>"));
}
