// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/keyword_detection.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace quantloupe;

namespace {

/// Two classes, the keyword and the rest; one window every 100 ms.
const DetectionSettings kSettings{100.0, 300.0, 0.6, 500.0, {1, 0}};

/// Scores of the keyword, one a window.
DetectionFigures detected(const std::vector<float> &keyword, const std::vector<std::int64_t> &labels, const DetectionSettings &settings = kSettings)
{
    std::vector<float> scores;
    for (const float score : keyword)
        scores.insert(scores.end(), {score, 1.0f - score});
    return detectKeywords(scores, labels, settings);
}

} // namespace

TEST(detectKeywords, findsAKeywordOnceAndThenKeepsQuiet)
{
    //                                    spoken from window 3 to 6
    const DetectionFigures figures = detected({0, 0, 0, 1, 1, 1, 1, 0, 0, 0}, {1, 1, 1, 0, 0, 0, 0, 1, 1, 1});
    EXPECT_EQ(figures.keywords, 1u);
    EXPECT_EQ(figures.found, 1u);
    EXPECT_EQ(figures.detections, 1u) << "0.67 in window 4, and then 500 ms of silence";
    EXPECT_EQ(figures.falseAccepts, 0u);
    EXPECT_DOUBLE_EQ(figures.falseRejectRate, 0.0);
}

TEST(detectKeywords, countsFalseAcceptsPerHour)
{
    const DetectionFigures figures = detected({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, std::vector<std::int64_t>(10, 1));
    EXPECT_EQ(figures.detections, 2u) << "at 0 and at 500 ms";
    EXPECT_EQ(figures.falseAccepts, 2u);
    EXPECT_DOUBLE_EQ(figures.hours, 1.0 / 3600.0);
    EXPECT_DOUBLE_EQ(figures.falseAcceptsPerHour, 7200.0);
    EXPECT_TRUE(std::isnan(figures.falseRejectRate)) << "nothing was spoken";
}

TEST(detectKeywords, aShortPeakIsAveragedAway)
{
    EXPECT_EQ(detected({0, 0, 0, 1, 0, 0}, {1, 1, 1, 0, 1, 1}).detections, 0u);
    EXPECT_DOUBLE_EQ(detected({0, 0, 0, 1, 0, 0}, {1, 1, 1, 0, 1, 1}).falseRejectRate, 1.0);
}

TEST(detectKeywords, twoRunsAreTwoKeywords)
{
    DetectionSettings settings = kSettings;
    settings.averageMs = 100.0;
    settings.suppressionMs = 0.0;
    const DetectionFigures figures = detected({1, 0, 0}, {0, 1, 0}, settings);
    EXPECT_EQ(figures.keywords, 2u);
    EXPECT_EQ(figures.found, 1u);
}

TEST(detectInClips, countsOverTheTimeWithoutKeywords)
{
    //           keyword found      missed             quiet              taken for the keyword
    const std::vector<float> scores{0.9f, 0.1f, 0.5f, 0.5f, 0.1f, 0.9f, 0.8f, 0.2f};
    const DetectionFigures figures = detectInClips(scores, std::vector<std::int64_t>{0, 0, 1, 1}, kSettings, 1800.0);
    EXPECT_EQ(figures.found, 1u);
    EXPECT_EQ(figures.falseAccepts, 1u);
    EXPECT_DOUBLE_EQ(figures.hours, 0.001);
    EXPECT_DOUBLE_EQ(figures.falseAcceptsPerHour, 1000.0);
    EXPECT_DOUBLE_EQ(figures.falseRejectRate, 0.5);
}
