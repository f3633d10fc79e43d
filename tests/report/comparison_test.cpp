// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/comparison.h"
#include "support/sample_report.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

FigureTable::Row row(std::string op, std::string tensor, double figure, int bits = 8)
{
    return {std::move(op), std::move(tensor), 8.0, 0.1, bits, {figure, figure * 0.01}};
}

FigureTable table(std::vector<FigureTable::Row> rows)
{
    return {"t.csv", "local", {"rmse/scale", "mean_squared_error"}, std::move(rows)};
}

/// "0-0 1-+ 2-1": rows of the first and the second table, + and - where there is none.
std::string pairs(const Comparison &comparison)
{
    std::string text;
    for (const ComparedRow &r : comparison.rows)
        text += (text.empty() ? "" : " ") + (r.before < 0 ? "+" : std::to_string(r.before)) + ":" + (r.after < 0 ? "-" : std::to_string(r.after));
    return text;
}

} // namespace

TEST(compareTables, pairsRowsAroundOnesThatCameOrWent)
{
    const auto before = table({row("CONV_2D", "a", 0.3), row("LSTM", "b", 0.9), row("SOFTMAX", "c", 0.2)});
    const auto after = table({row("CONV_2D", "a", 0.3), row("MEAN", "ln/mean", 0.2), row("RSQRT", "ln/rsqrt", 0.2), row("LSTM", "b", 0.3), row("SOFTMAX", "other", 0.2)});
    const Comparison comparison = compareTables(before, after, "rmse/scale");
    EXPECT_EQ(pairs(comparison), "0:0 +:1 +:2 1:3 2:4");
    EXPECT_EQ(comparison.rows[3].change, Change::Improved);
    EXPECT_EQ(comparison.rows[3].matchedBy, "name");
    EXPECT_DOUBLE_EQ(comparison.rows[3].confidence, 1.0);
    EXPECT_EQ(comparison.rows[4].change, Change::Same);
    EXPECT_LT(comparison.rows[4].confidence, 1.0) << "the name is another";
    EXPECT_EQ(comparison.count(Change::OnlyAfter), 2u);
}

TEST(compareTables, prefersTheSameNameAmongEqualOperators)
{
    const auto before = table({row("CONV_2D", "a", 0.3), row("CONV_2D", "b", 0.3), row("CONV_2D", "c", 0.3)});
    const auto after = table({row("CONV_2D", "c", 0.6)});
    EXPECT_EQ(pairs(compareTables(before, after, "rmse/scale")), "0:- 1:- 2:0");
}

TEST(compareTables, withinTheToleranceIsTheSame)
{
    const auto before = table({row("A", "a", 1.0), row("B", "b", 1.0), row("C", "c", 1.0)});
    const auto after = table({row("A", "a", 1.015), row("B", "b", 1.03), row("C", "c", 0.9)});
    const Comparison comparison = compareTables(before, after, "rmse/scale");
    EXPECT_EQ(comparison.rows[0].change, Change::Same);
    EXPECT_EQ(comparison.rows[1].change, Change::Regressed);
    EXPECT_EQ(comparison.rows[2].change, Change::Improved);
}

TEST(compareTables, whatRoundingLeavesOfNothingIsNoChange)
{
    const Comparison comparison = compareTables(table({row("CONV_2D", "a", 0.3), row("RESHAPE", "b", 2.4e-6)}), table({row("CONV_2D", "a", 0.6), row("RESHAPE", "b", 0.0)}), "rmse/scale");
    EXPECT_EQ(comparison.rows[0].change, Change::Regressed);
    EXPECT_EQ(comparison.rows[1].change, Change::Same);
}

TEST(compareTables, aThousandthOfWhatRoundingMakesIsNoChangeEither)
{
    const Comparison comparison = compareTables(table({row("RESHAPE", "a", 3.2e-6), row("ADD", "b", 0.001)}), table({row("RESHAPE", "a", 2.4e-6), row("ADD", "b", 0.002)}), "rmse/scale");
    EXPECT_EQ(comparison.rows[0].change, Change::Same);
    EXPECT_EQ(comparison.rows[1].change, Change::Regressed);
}

TEST(compareTables, doesNotCompareStepsOfDifferentWidths)
{
    const auto before = table({row("A", "a", 0.5, 8)});   // rmse from mean_squared_error: sqrt(0.005)
    const auto after = table({row("A", "a", 50.0, 16)});
    auto finer = after;
    finer.rows[0].figures = {50.0, 1e-6};
    const Comparison comparison = compareTables(before, finer, "rmse/scale");
    EXPECT_EQ(comparison.rows[0].metric, "rmse");
    EXPECT_EQ(comparison.rows[0].change, Change::Improved);
    EXPECT_DOUBLE_EQ(comparison.rows[0].valueAfter, 1e-3);
}

TEST(compareTables, ofLongTablesThatShareNothingEndsSoon)
{
    std::vector<FigureTable::Row> many;
    for (int i = 0; i < 6000; ++i)
        many.push_back(row("OP" + std::to_string(i % 7), "t" + std::to_string(i), 0.3));
    auto others = many;
    for (auto &r : others)
        r.tensorName += "x";
    others.erase(others.begin() + 10);
    const Comparison comparison = compareTables(table(many), table(others), "rmse/scale");
    EXPECT_EQ(comparison.count(Change::Same), 5999u);
}

TEST(compareTables, aReportHasAllItsMetrics)
{
    const Report report = test::sampleReport();
    const FigureTable local = figureTable(report, ErrorKind::Local, "r.json");
    ASSERT_EQ(local.rows.size(), 2u);
    EXPECT_EQ(local.rows[1].figures[static_cast<std::size_t>(local.column("rmse/scale"))], 9.16);
    const Comparison comparison = compareTables(local, figureTable(report, ErrorKind::Accumulated, "r.json"), "rmse/scale");
    EXPECT_EQ(comparison.count(Change::Regressed), 2u);
}

TEST(comparisonCsv, hasOneLineARowAndQuotesNames)
{
    const auto before = table({row("A", "x,y", 1.0)});
    const auto after = table({row("A", "x,y", 2.0), row("B", "=cmd", 1.0)});
    const std::string csv = comparisonCsv(compareTables(before, after, "rmse/scale"));
    EXPECT_EQ(csv, "op_name,tensor_name,row_before,row_after,change,matched_by,confidence,metric,before,after,difference,ratio,before_rmse/scale,after_rmse/scale,"
                   "before_mean_squared_error,after_mean_squared_error\r\n"
                   "A,\"x,y\",0,0,regressed,name,1.0,rmse/scale,1.0,2.0,1.0,2.0,1.0,2.0,0.01,0.02\r\n"
                   "B,'=cmd,,1,only after,,0.0,rmse/scale,,1.0,,,,1.0,,0.01\r\n");
}
