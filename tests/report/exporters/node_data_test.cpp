// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"
#include "support/sample_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace quantloupe;

TEST(node_data, isKeyedByOutputTensor)
{
    Report report = test::sampleReport();
    report.rows[0].local.reset();
    const auto json = nlohmann::json::parse(findExporter("node-data")->text(report, ErrorKind::Local));
    ASSERT_EQ(json["results"].size(), 1u) << "no node without a figure";
    EXPECT_EQ(json["results"]["model/UNIDIRECTIONAL_SEQUENCE_LSTM"]["value"], 9.16);
    EXPECT_EQ(json["gradient"].front()["stop"], 0.0);
    EXPECT_EQ(json["gradient"].back()["stop"], 1.0);
}

TEST(node_data, ofNamesThatAreNotUtf8IsStillJson)
{
    Report report = test::sampleReport();
    report.rows[0].tensorName = "bad\xff";
    EXPECT_EQ(nlohmann::json::parse(findExporter("node-data")->text(report, ErrorKind::Local))["results"].size(), 2u);
}
