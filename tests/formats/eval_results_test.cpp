// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/eval_results.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

TEST(evalResults, ofAClassifier)
{
    const auto results = readEvalResults(R"({"name": "n", "model_type": "classification", "classes": ["a", "b"], "overall_accuracy": 0.75, "class_accuracies": [1.0, 0.5],
        "roc_auc": [0.9, 0.8], "roc_auc_avg": 0.85, "fpr": [[1.0], [1.0]], "confusion_matrix": [[2, 0], [1, 1]]})", "eval-results.json");
    ASSERT_TRUE(results) << results.error().message();
    EXPECT_EQ(results->modelType, "classification");
    EXPECT_EQ(results->classes, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(results->accuracy, 0.75);
    EXPECT_EQ(results->rocArea, 0.85);
    EXPECT_EQ(results->classAccuracies, (std::vector<double>{1.0, 0.5}));
    EXPECT_EQ(results->confusion[1][0], 1u);
}

TEST(evalResults, ofAnAutoEncoder)
{
    const auto results = readEvalResults(R"({"model_type": "auto_encoder", "overall_accuracy": 0.95, "overall_roc_auc": 0.78, "all_scores": [[1.5]]})", "e");
    ASSERT_TRUE(results) << results.error().message();
    EXPECT_EQ(results->rocArea, 0.78);
    EXPECT_TRUE(results->confusion.empty());
}

TEST(evalResults, whatIsMissingIsNaN)
{
    const auto results = readEvalResults(R"({"overall_accuracy": null, "confusion_matrix": "none"})", "e");
    ASSERT_TRUE(results) << results.error().message();
    EXPECT_TRUE(std::isnan(results->accuracy));
    EXPECT_TRUE(std::isnan(results->rocArea));
}

TEST(evalResults, refusesWhatIsNone)
{
    for (const char *const text : {"", "[1, 2]", "{\"classes\": [1]}", "{\"classes\": [\"a\"", "{\"model_type\": 3}"}) {
        const auto results = readEvalResults(text, "bad.json");
        ASSERT_FALSE(results) << text;
        EXPECT_EQ(results.error().code, ErrorCode::ReportDamaged);
        EXPECT_NE(results.error().message().find("bad.json"), std::string::npos);
    }
}
