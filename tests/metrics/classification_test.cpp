// SPDX-License-Identifier: GPL-3.0-or-later
//
// Held against tests/data/evaluation_metrics.json, which tests/oracle/evaluation_metrics.py makes from the definitions.
#include "metrics/anomaly.h"
#include "metrics/classification.h"
#include "support/paths.h"

#include <cmath>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace quantloupe;
using Json = nlohmann::json;

namespace {

const Json &goldens()
{
    static const Json kGoldens = Json::parse(std::ifstream((test::sourceFolder() / "tests/data/evaluation_metrics.json").string()));
    return kGoldens;
}

void expectEqual(double got, const Json &expected, const std::string &what)
{
    if (expected.is_null())
        EXPECT_TRUE(std::isnan(got)) << what << ": " << got;
    else
        EXPECT_NEAR(got, expected.get<double>(), 1e-12) << what;
}

void expectClass(const ClassFigures &got, const Json &expected, const std::string &what)
{
    EXPECT_EQ(got.support, expected["support"].get<std::size_t>()) << what;
    expectEqual(got.recall, expected["recall"], what + " recall");
    expectEqual(got.precision, expected["precision"], what + " precision");
    expectEqual(got.f1, expected["f1"], what + " f1");
    expectEqual(got.falsePositiveRate, expected["falsePositiveRate"], what + " falsePositiveRate");
    expectEqual(got.falseNegativeRate, expected["falseNegativeRate"], what + " falseNegativeRate");
    expectEqual(got.roc.area, expected["rocArea"], what + " rocArea");
    expectEqual(got.precisionRecall.area, expected["averagePrecision"], what + " averagePrecision");
}

} // namespace

TEST(classification, figuresFollowTheDefinitions)
{
    const Json cases = goldens()["classification"];
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Json &golden = cases[i];
        const std::string what = "case " + std::to_string(i);
        const Classification got = classify(golden["scores"].get<std::vector<float>>(), golden["classes"].get<std::size_t>(), golden["labels"].get<std::vector<std::int64_t>>());
        EXPECT_EQ(Json(got.confusion), golden["confusion"]) << what;
        expectEqual(got.accuracy, golden["accuracy"], what + " accuracy");
        expectEqual(got.macroRecall, golden["macroRecall"], what + " macroRecall");
        expectEqual(got.macroPrecision, golden["macroPrecision"], what + " macroPrecision");
        expectEqual(got.macroF1, golden["macroF1"], what + " macroF1");
        expectEqual(got.macroRocArea, golden["macroRocArea"], what + " macroRocArea");
        ASSERT_EQ(got.classes.size(), golden["figures"].size());
        for (std::size_t c = 0; c < got.classes.size(); ++c)
            expectClass(got.classes[c], golden["figures"][c], what + " class " + std::to_string(c));
    }
}

TEST(classification, ofEqualScoresTheFirstClassWins)
{
    EXPECT_EQ(predictedClass(std::vector<float>{0.2f, 0.5f, 0.5f}), 1u);
}

TEST(rocCurve, runsFromNothingToEverythingAndKeepsCorners)
{
    const std::vector<float> scores{0.9f, 0.8f, 0.8f, 0.1f};
    const std::vector<char> positive{1, 1, 0, 0};
    const Curve curve = rocCurve(scores, positive);
    ASSERT_EQ(curve.points.size(), 4u);
    EXPECT_EQ(curve.points.front().x, 0.0);
    EXPECT_EQ(curve.points.front().y, 0.0);
    EXPECT_EQ(curve.points[1], (CurvePoint{0.0, 0.5, static_cast<double>(0.9f)}));
    EXPECT_EQ(curve.points.back().x, 1.0);
    EXPECT_EQ(curve.points.back().y, 1.0);
    EXPECT_DOUBLE_EQ(curve.area, 0.875);
}

TEST(rocCurve, staysSmallAndKeepsItsAreaForManySamples)
{
    std::vector<float> scores;
    std::vector<char> positive;
    for (int i = 0; i < 20000; ++i) {
        scores.push_back(static_cast<float>((i * 7919) % 20011));
        positive.push_back((i * 31) % 7 < 3);
    }
    const Curve curve = rocCurve(scores, positive);
    EXPECT_LE(curve.points.size(), Curve::kMostPoints);
    double area = 0.0;
    for (std::size_t i = 1; i < curve.points.size(); ++i)
        area += (curve.points[i].x - curve.points[i - 1].x) * (curve.points[i].y + curve.points[i - 1].y) / 2.0;
    EXPECT_NEAR(area, curve.area, 0.01);
}

TEST(rocCurve, withoutNegativesHasNoArea)
{
    EXPECT_TRUE(std::isnan(rocCurve(std::vector<float>{1.0f}, std::vector<char>{1}).area));
    EXPECT_TRUE(std::isnan(rocCurve({}, {}).area));
}

TEST(signTest, isTheExactBinomialOne)
{
    for (const Json &golden : goldens()["signTest"])
        EXPECT_NEAR(signTest(golden["worse"], golden["better"]), golden["probability"].get<double>(), 1e-9) << golden;
}

TEST(anomalyFigures, followTheDefinitions)
{
    for (const Json &golden : goldens()["anomaly"]) {
        const AnomalyFigures got = anomalyFigures(golden["scores"].get<std::vector<float>>(), golden["labels"].get<std::vector<std::int64_t>>());
        expectEqual(got.roc.area, golden["rocArea"], "rocArea");
        expectEqual(got.precisionRecall.area, golden["averagePrecision"], "averagePrecision");
        expectEqual(got.bestAccuracy, golden["bestAccuracy"], "bestAccuracy");
    }
}
