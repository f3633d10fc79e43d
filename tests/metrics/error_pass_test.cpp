// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/error_pass.h"

#include "kernels/simd/every_target.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

using namespace quantloupe;

namespace {

template <typename Code> ErrorSums measure(const std::vector<Code> &codes, const std::vector<float> &floats, const CodeGrid &grid, ErrorHistograms &histograms)
{
    ErrorSums sums;
    measureErrors<Code>({codes.data(), 0}, {floats.data(), 0}, 1, codes.size(), grid, histograms, &sums);
    return sums;
}

/// One element after the other, in double.
ErrorSums expectedSums(const std::vector<std::int8_t> &codes, const std::vector<float> &floats, const CodeGrid &grid)
{
    ErrorSums sums;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto diff = static_cast<double>(static_cast<float>(codes[i] - grid.zeroPoint) * static_cast<float>(grid.scale) - floats[i]);
        ++sums.count;
        sums.diff += diff;
        sums.diffSquared += diff * diff;
        sums.maxAbsDiff = std::max(sums.maxAbsDiff, std::abs(diff));
        sums.floatValue += static_cast<double>(floats[i]);
        sums.floatSquared += static_cast<double>(floats[i]) * static_cast<double>(floats[i]);
    }
    return sums;
}

} // namespace

TEST(measureErrors, sumsWhatIsFiniteAndCountsTheRest)
{
    ErrorHistograms histograms;
    const ErrorSums sums = measure<std::int8_t>({2, 4, 6, 8}, {0.5f, 2.5f, std::numeric_limits<float>::quiet_NaN(), 4.0f}, CodeGrid::of(0.5f, 0, -128, 127), histograms);
    EXPECT_EQ(sums.count, 3u);
    EXPECT_EQ(sums.notFinite, 1u);
    EXPECT_DOUBLE_EQ(sums.diff, 0.0);
    EXPECT_DOUBLE_EQ(sums.diffSquared, 0.5);
    EXPECT_DOUBLE_EQ(sums.maxAbsDiff, 0.5);
    EXPECT_EQ(histograms.errorInLsb.histogram().total(), 3u);
}

TEST(measureErrors, givesTheSumsOfEveryLength)
{
    std::mt19937 random(11); // fixed: the test says one thing every time
    const CodeGrid grid = CodeGrid::of(0.25f, 3, -128, 127);
    for (const std::size_t count : {1, 7, 16, 33, 127, 129, 1023, 1024, 1025, 3000}) {
        std::vector<std::int8_t> codes(count);
        std::vector<float> floats(count);
        for (std::size_t i = 0; i < count; ++i) {
            codes[i] = static_cast<std::int8_t>(random());
            floats[i] = static_cast<float>(codes[i] - 3) * 0.25f + static_cast<float>(random() % 1000) * 0.001f - 0.4f;
        }
        const ErrorSums expected = expectedSums(codes, floats, grid);
        test::onEveryTarget([&] {
            ErrorHistograms histograms;
            const ErrorSums sums = measure(codes, floats, grid, histograms);
            EXPECT_EQ(sums.count, expected.count);
            EXPECT_NEAR(sums.diff, expected.diff, 1e-6 * static_cast<double>(count));
            EXPECT_NEAR(sums.diffSquared, expected.diffSquared, 1e-6 * expected.diffSquared);
            EXPECT_EQ(sums.maxAbsDiff, expected.maxAbsDiff);
            EXPECT_NEAR(sums.floatSquared, expected.floatSquared, 1e-6 * expected.floatSquared);
            EXPECT_EQ(histograms.errorInLsb.histogram().total(), count);
            EXPECT_EQ(histograms.floatValues.histogram(grid).total(), count);
        });
    }
}

TEST(measureErrors, keepsSquaresThatFloatCannotHold)
{
    const CodeGrid grid = CodeGrid::of(1e-25f, 0, -128, 127);
    ErrorHistograms histograms;
    EXPECT_NEAR(measure<std::int8_t>({1, 1}, {0.0f, 0.0f}, grid, histograms).diffSquared, 2e-50, 1e-55);
    EXPECT_NEAR(measure<std::int8_t>({1, 1}, {1e25f, 0.0f}, grid, histograms).floatSquared, 1e50, 1e44);
}

TEST(measureErrors, measuresInStepsThatAreNearlyNothing)
{
    const CodeGrid grid = CodeGrid::of(1e-42f, 0, -32768, 32767); // its inverse is beyond float
    ErrorHistograms histograms;
    const ErrorSums sums = measure<std::int16_t>({0, 2, 0}, {0.0f, 0.0f, 1.0f}, grid, histograms);
    EXPECT_EQ(sums.count, 3u);
    EXPECT_EQ(histograms.errorInLsb.histogram().total(), 3u);
    const Histogram values = histograms.floatValues.histogram(grid);
    EXPECT_EQ(values.counts[128], 2u);
    EXPECT_EQ(values.above, 1u);
}

TEST(measureErrors, keepsItsBinsWhereAnErrorIsBeyondAll)
{
    const CodeGrid grid = CodeGrid::of(1e-10f, 0, -128, 127);
    ErrorHistograms histograms;
    measure<std::int8_t>({1, 2, 3}, {0.0f, 1e-10f, 1e20f}, grid, histograms);
    const Histogram errors = histograms.errorInLsb.histogram();
    EXPECT_EQ(errors.width, 1.0 / 32.0);
    EXPECT_EQ(errors.above, 1u);
    EXPECT_EQ(errors.total(), 3u);
}

TEST(measureErrors, countsFloatsAtTheCodeThatLiesNearest)
{
    const CodeGrid grid = CodeGrid::of(0.5f, 10, -128, 127);
    ErrorHistograms histograms;
    // Two steps of error are as good as none: 0.24 lies nearest to the zero point whatever the code is.
    measure<std::int8_t>({10, 10, 12, 127, -128, 127}, {0.0f, 0.24f, 0.24f, 1000.0f, -1000.0f, 0.26f}, grid, histograms);
    const Histogram result = histograms.floatValues.histogram(grid);
    EXPECT_EQ(result.counts[128 + 10], 3u);
    EXPECT_EQ(result.counts[128 + 11], 1u);
    EXPECT_EQ(result.below, 1u);
    EXPECT_EQ(result.above, 1u);
}

TEST(measureErrors, binsAlikeOnEveryTarget)
{
    std::mt19937 random(7); // fixed: the test says one thing every time
    const CodeGrid grid = CodeGrid::of(0.05f, -10, -128, 127);
    std::vector<std::int8_t> codes(5000);
    std::vector<float> floats(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = static_cast<std::int8_t>(random());
        floats[i] = static_cast<float>(codes[i] + 10) * 0.05f + (static_cast<float>(random() % 2001) - 1000.0f) * (i < 2000 ? 1e-4f : 3e-3f);
    }
    std::vector<ErrorHistograms> all;
    test::onEveryTarget([&] { measure(codes, floats, grid, all.emplace_back()); });
    for (const ErrorHistograms &each : all) {
        EXPECT_EQ(each.errorInLsb.histogram(), all.front().errorInLsb.histogram());
        EXPECT_EQ(each.floatValues.histogram(grid), all.front().floatValues.histogram(grid));
    }
    // One after the other, by the definition of both.
    GrowingHistogram errors;
    GridHistogram values;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const float step = (static_cast<float>(codes[i] + 10) * 0.05f - floats[i]) * static_cast<float>(1.0 / grid.scale);
        errors.add(static_cast<double>(step));
        values.addCode(grid, codes[i] - static_cast<std::int64_t>(std::floor((std::floor(2.0 * static_cast<double>(step)) + 1.0) / 2.0)));
    }
    EXPECT_EQ(errors.histogram(), all.front().errorInLsb.histogram());
    EXPECT_EQ(values.histogram(grid), all.front().floatValues.histogram(grid));
    EXPECT_GT(values.histogram(grid).below + values.histogram(grid).above, 0u);
}

TEST(measureErrors, takesTheMiddleBetweenCodesAsTheLower)
{
    const CodeGrid grid = CodeGrid::of(1.0f, 0, -128, 127);
    ErrorHistograms histograms;
    measure<std::int8_t>({1, 0, -1, 100}, {0.5f, 0.5f, -0.5f, -0.5f}, grid, histograms);
    const Histogram result = histograms.floatValues.histogram(grid);
    EXPECT_EQ(result.counts[128], 2u);
    EXPECT_EQ(result.counts[127], 2u);
}

TEST(measureErrors, doesNotDependOnHowSamplesAreGathered)
{
    std::mt19937 random(5); // fixed: the test says one thing every time
    const CodeGrid grid = CodeGrid::of(0.01f, 0, -32768, 32767);
    std::vector<std::int16_t> codes(4 * 500);
    std::vector<float> floats(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = static_cast<std::int16_t>(random());
        floats[i] = static_cast<float>(codes[i]) * 0.01f + std::ldexp(1.0f, static_cast<int>(i / 500) * 3 - 9) * static_cast<float>(random() % 100);
    }
    std::vector<ErrorSums> sums(4);
    ErrorHistograms together;
    measureErrors<std::int16_t>({codes.data(), 500 * sizeof(std::int16_t)}, {floats.data(), 500 * sizeof(float)}, 4, 500, grid, together, sums.data());
    ErrorHistograms apart;
    for (std::size_t sample = 4; sample-- > 0;) {
        ErrorHistograms one;
        ErrorSums alone;
        measureErrors<std::int16_t>({codes.data() + sample * 500, 0}, {floats.data() + sample * 500, 0}, 1, 500, grid, one, &alone);
        EXPECT_EQ(alone.diffSquared, sums[sample].diffSquared);
        apart.merge(one);
    }
    EXPECT_EQ(apart.errorInLsb.histogram(), together.errorInLsb.histogram());
    EXPECT_EQ(apart.floatValues.histogram(grid), together.floatValues.histogram(grid));
}

TEST(countCodes, countsEveryCodeAndTheEnds)
{
    const std::vector<std::int8_t> codes{-128, 127, 127, 0, 5, -128, -128, 5, 9};
    const CodeGrid grid = CodeGrid::of(0.5f, 0, -128, 127);
    GridHistogram histogram;
    ErrorSums sums;
    countCodes<std::int8_t>({codes.data(), 0}, 1, codes.size(), grid, histogram, &sums);
    const Histogram result = histogram.histogram(grid);
    EXPECT_EQ(result.counts[0], 3u);
    EXPECT_EQ(result.counts[255], 2u);
    EXPECT_EQ(result.counts[128 + 5], 2u);
    EXPECT_EQ(result.total(), codes.size());
    EXPECT_EQ(sums.atMinCode, 3u);
    EXPECT_EQ(sums.atMaxCode, 2u);
}

TEST(realValues, areThoseOfDequantize)
{
    std::vector<std::int16_t> codes;
    for (int code = -32768; code < 32768; code += 7)
        codes.push_back(static_cast<std::int16_t>(code));
    std::vector<float> reals(codes.size());
    realValues(codes.data(), codes.size(), 0.0123f, -5, reals.data());
    for (std::size_t i = 0; i < codes.size(); ++i)
        ASSERT_EQ(reals[i], static_cast<float>(static_cast<double>(0.0123f) * (codes[i] + 5))) << codes[i];
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

TEST(GridHistogram, putsCodesWhereTheirValuesLie)
{
    const CodeGrid grid = CodeGrid::of(0.5f, 10, -128, 127);
    GridHistogram histogram;
    histogram.addCode(grid, 10);
    histogram.addCode(grid, 128);
    histogram.addCode(grid, -129);
    const Histogram result = histogram.histogram(grid);
    EXPECT_EQ(result.counts[128 + 10], 1u);
    EXPECT_EQ(result.below, 1u);
    EXPECT_EQ(result.above, 1u);
    EXPECT_DOUBLE_EQ(result.lower + (128 + 10 + 0.5) * result.width, 0.0) << "the middle of the zero point's bin is 0";
}
