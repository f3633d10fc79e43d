// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/error_pass.h"

#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

using namespace quantloupe;

TEST(measureErrors, sumsWhatIsFiniteAndCountsTheRest)
{
    const std::vector<float> reals{1.0f, 2.0f, 3.0f, 4.0f};
    const std::vector<float> floats{0.5f, 2.5f, std::numeric_limits<float>::quiet_NaN(), 4.0f};
    ErrorHistograms histograms;
    const ErrorSums sums = measureErrors(reals.data(), floats.data(), 4, CodeGrid::of(0.5f, 0, -128, 127), histograms);
    EXPECT_EQ(sums.count, 3u);
    EXPECT_EQ(sums.notFinite, 1u);
    EXPECT_DOUBLE_EQ(sums.diff, 0.0);
    EXPECT_DOUBLE_EQ(sums.diffSquared, 0.5);
    EXPECT_DOUBLE_EQ(sums.maxAbsDiff, 0.5);
    EXPECT_EQ(histograms.errorInLsb.histogram().total(), 3u);
}

TEST(GrowingHistogram, doesNotDependOnTheOrderOfValuesNorOnMerging)
{
    std::mt19937 random(7); // fixed: the test says one thing every time
    std::vector<double> values;
    for (int i = 0; i < 2000; ++i)
        values.push_back(std::ldexp(static_cast<double>(random()) - 2147483648.0, -static_cast<int>(random() % 40)));
    GrowingHistogram whole;
    GrowingHistogram front;
    GrowingHistogram back;
    for (std::size_t i = 0; i < values.size(); ++i) {
        whole.add(values[i]);
        (i % 3 == 0 ? front : back).add(values[values.size() - 1 - i]);
    }
    front.merge(back);
    EXPECT_EQ(front.histogram(), whole.histogram());
    EXPECT_EQ(whole.histogram().total(), values.size());
}

TEST(GrowingHistogram, keepsValuesAtTheirPlaceWhenItGrows)
{
    GrowingHistogram histogram;
    histogram.add(-0.01);
    histogram.add(100.0);
    const Histogram result = histogram.histogram();
    EXPECT_EQ(result.width, 2.0);
    EXPECT_EQ(result.counts[63], 1u) << "just below 0";
    EXPECT_EQ(result.counts[64 + 50], 1u);
}

TEST(GridHistogram, putsRealsWhereTheirNearestCodeLies)
{
    const CodeGrid grid = CodeGrid::of(0.5f, 10, -128, 127);
    GridHistogram histogram;
    histogram.addReal(grid, 0.0f);
    histogram.addReal(grid, 0.24f);
    histogram.addReal(grid, 1000.0f);
    histogram.addReal(grid, -1000.0f);
    histogram.addCode(grid, 10);
    const Histogram result = histogram.histogram(grid);
    EXPECT_EQ(result.counts[128 + 10], 3u);
    EXPECT_EQ(result.below, 1u);
    EXPECT_EQ(result.above, 1u);
    EXPECT_DOUBLE_EQ(result.lower + (128 + 10 + 0.5) * result.width, 0.0) << "the middle of the zero point's bin is 0";
}
