// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/error_pass.h"

#include "kernels/simd/every_target.h"

#include <algorithm>
#include <array>
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
    GridHistogram ofCodes;
    EndCounts ends;
    const ErrorSide side{{floats.data(), 0}, &histograms, &sums};
    ErrorPass().measure<Code>({{codes.data(), 0}, grid, &ofCodes, {}}, {&side, 1}, 1, codes.size(), &ends);
    return sums;
}

template <typename Code> CodeGrid gridOf(float scale, std::int64_t zeroPoint)
{
    return CodeGrid::of(scale, zeroPoint, std::numeric_limits<Code>::min(), std::numeric_limits<Code>::max());
}

/// Codes in samples with a gap between them, and what they are compared with on two sides.
template <typename Code> struct Tensor {
    CodeGrid grid;
    std::size_t samples = 1;
    std::size_t count = 0; ///< elements a sample
    std::size_t stride = 0; ///< from one sample to the next
    std::vector<Code> codes;
    std::array<std::vector<float>, 2> floats;

    Tensor(const CodeGrid &gridOfCodes, std::size_t sampleCount, std::size_t elements)
        : grid(gridOfCodes), samples(sampleCount), count(elements), stride(elements + (sampleCount > 1 ? 3 : 0)), codes((sampleCount - 1) * stride + elements)
    {
        floats.fill(std::vector<float>(codes.size()));
    }

    float real(std::size_t i) const { return static_cast<float>(codes[i] - grid.zeroPoint) * static_cast<float>(grid.scale); }
};

/// Errors in steps: most lie within `usual`, one in `rareEvery` within `rare`.
struct Spread {
    float usual = 1.0f;
    float rare = 0.0f;
    unsigned rareEvery = 0;
};

/// Codes over the whole type, a third of them 0 together with their floats, as where values were rectified.
template <typename Code>
Tensor<Code> randomTensor(const CodeGrid &grid, std::size_t samples, std::size_t count, const std::array<Spread, 2> &spreads, std::mt19937 &random)
{
    Tensor<Code> tensor(grid, samples, count);
    for (std::size_t i = 0; i < tensor.codes.size(); ++i) {
        const bool isZero = random() % 3 == 0;
        tensor.codes[i] = static_cast<Code>(isZero ? grid.zeroPoint : static_cast<std::int64_t>(random()));
        for (std::size_t side = 0; side < 2; ++side) {
            const Spread &spread = spreads[side];
            const float reach = spread.rareEvery != 0 && random() % spread.rareEvery == 0 ? spread.rare : spread.usual;
            const float steps = reach * (static_cast<float>(random() % 20001) * 1e-4f - 1.0f);
            tensor.floats[side][i] = isZero ? 0.0f : tensor.real(i) - steps * static_cast<float>(grid.scale);
        }
    }
    return tensor;
}

/// What a pass leaves of a tensor.
struct Measured {
    GridHistogram codes;
    std::array<ErrorHistograms, 2> histograms;
    std::array<std::vector<ErrorSums>, 2> sums;
    std::vector<EndCounts> ends;
};

/// Measures against the sides given, into what is there already.
template <typename Code>
void measureSides(ErrorPass &pass, const Tensor<Code> &tensor, const std::vector<std::size_t> &which, Measured &out, SampleRows<float> reals = {})
{
    std::vector<ErrorSide> sides;
    for (const std::size_t side : which) {
        out.sums[side].resize(tensor.samples);
        sides.push_back({{tensor.floats[side].data(), tensor.stride * sizeof(float)}, &out.histograms[side], out.sums[side].data()});
    }
    out.ends.resize(tensor.samples);
    const CodeSide<Code> quantized{{tensor.codes.data(), tensor.stride * sizeof(Code)}, tensor.grid, &out.codes, reals};
    pass.measure(quantized, sides, tensor.samples, tensor.count, out.ends.data());
}

template <typename Code> Measured measured(const Tensor<Code> &tensor, const std::vector<std::size_t> &which)
{
    Measured out;
    ErrorPass pass;
    measureSides(pass, tensor, which, out);
    return out;
}

/// One element after the other, by the definition of everything; sums in double.
template <typename Code> void define(const Tensor<Code> &tensor, Measured &out)
{
    const float inverse = static_cast<float>(1.0 / tensor.grid.scale);
    out.ends.assign(tensor.samples, {});
    for (std::vector<ErrorSums> &sums : out.sums)
        sums.assign(tensor.samples, {});
    for (std::size_t sample = 0; sample < tensor.samples; ++sample)
        for (std::size_t i = sample * tensor.stride; i < sample * tensor.stride + tensor.count; ++i) {
            out.codes.addCode(tensor.grid, tensor.codes[i]);
            out.ends[sample].min += tensor.codes[i] == std::numeric_limits<Code>::min() ? 1 : 0;
            out.ends[sample].max += tensor.codes[i] == std::numeric_limits<Code>::max() ? 1 : 0;
            for (std::size_t side = 0; side < 2; ++side) {
                const float value = tensor.floats[side][i];
                const float difference = tensor.real(i) - value;
                ErrorSums &sums = out.sums[side][sample];
                if (!std::isfinite(difference)) {
                    ++sums.notFinite;
                    continue;
                }
                ++sums.count;
                sums.diff += static_cast<double>(difference);
                sums.diffSquared += static_cast<double>(difference) * static_cast<double>(difference);
                sums.maxAbsDiff = std::max(sums.maxAbsDiff, static_cast<double>(std::abs(difference)));
                sums.floatSquared += static_cast<double>(value) * static_cast<double>(value);
                const auto steps = static_cast<double>(difference * inverse);
                out.histograms[side].errorInLsb.add(steps);
                const double away = std::floor((std::floor(2.0 * steps) + 1.0) / 2.0);
                out.histograms[side].floatValues.addCode(tensor.grid, tensor.codes[i] - static_cast<std::int64_t>(away));
            }
        }
}

void expectSameHistograms(const ErrorHistograms &actual, const ErrorHistograms &expected, const CodeGrid &grid)
{
    EXPECT_EQ(actual.errorInLsb.histogram(), expected.errorInLsb.histogram());
    EXPECT_EQ(actual.floatValues.histogram(grid), expected.floatValues.histogram(grid));
}

void expectSameSums(const std::vector<ErrorSums> &actual, const std::vector<ErrorSums> &expected)
{
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t sample = 0; sample < actual.size(); ++sample) {
        EXPECT_EQ(actual[sample].count, expected[sample].count);
        EXPECT_EQ(actual[sample].notFinite, expected[sample].notFinite);
        EXPECT_EQ(actual[sample].diff, expected[sample].diff);
        EXPECT_EQ(actual[sample].diffSquared, expected[sample].diffSquared);
        EXPECT_EQ(actual[sample].maxAbsDiff, expected[sample].maxAbsDiff);
        EXPECT_EQ(actual[sample].floatSquared, expected[sample].floatSquared);
    }
}

/// But for the rounding of sums in float.
void expectCloseSums(const std::vector<ErrorSums> &actual, const std::vector<ErrorSums> &expected)
{
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t sample = 0; sample < actual.size(); ++sample) {
        const ErrorSums &sums = expected[sample];
        const auto count = static_cast<double>(sums.count);
        EXPECT_EQ(actual[sample].count, sums.count);
        EXPECT_EQ(actual[sample].notFinite, sums.notFinite);
        EXPECT_EQ(actual[sample].maxAbsDiff, sums.maxAbsDiff);
        EXPECT_NEAR(actual[sample].diffSquared, sums.diffSquared, 1e-6 * sums.diffSquared);
        EXPECT_NEAR(actual[sample].floatSquared, sums.floatSquared, 1e-6 * sums.floatSquared);
        EXPECT_NEAR(actual[sample].diff, sums.diff, 1e-6 * std::sqrt(count * sums.diffSquared)); // the largest that a sum of magnitudes may be
    }
}

void expectSameEnds(const std::vector<EndCounts> &actual, const std::vector<EndCounts> &expected)
{
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t sample = 0; sample < actual.size(); ++sample) {
        EXPECT_EQ(actual[sample].min, expected[sample].min);
        EXPECT_EQ(actual[sample].max, expected[sample].max);
    }
}

/// On every target, with no side, either and both.
template <typename Code> void expectDefinition(const Tensor<Code> &tensor)
{
    Measured expected;
    define(tensor, expected);
    test::onEveryTarget([&] {
        for (const std::vector<std::size_t> &which : {std::vector<std::size_t>{}, {0}, {1}, {0, 1}, {1, 0}}) {
            SCOPED_TRACE(testing::Message() << tensor.samples << " samples of " << tensor.count << " on " << which.size() << " sides");
            const Measured actual = measured(tensor, which);
            EXPECT_EQ(actual.codes.histogram(tensor.grid), expected.codes.histogram(tensor.grid));
            expectSameEnds(actual.ends, expected.ends);
            for (const std::size_t side : which) {
                expectSameHistograms(actual.histograms[side], expected.histograms[side], tensor.grid);
                expectCloseSums(actual.sums[side], expected.sums[side]);
            }
        }
    });
}

/// Where vectors, pieces and what is small begin and end.
struct Size {
    std::size_t samples;
    std::size_t count;
};
constexpr Size kSizes[] = {
    {1, 1}, {1, 7}, {3, 40}, {1, 255}, {1, 256}, {1, 257}, {2, 127}, {2, 128}, {5, 129}, {1, 1023}, {3, 1024}, {2, 1025}, {1, 2049}, {3, 5000},
};

template <typename Code> void expectDefinitionAtEverySize(float scale, std::int64_t zeroPoint, const std::array<Spread, 2> &spreads)
{
    std::mt19937 random(17); // fixed: the test says one thing every time
    for (const Size &size : kSizes)
        expectDefinition(randomTensor<Code>(gridOf<Code>(scale, zeroPoint), size.samples, size.count, spreads, random));
}

template <typename Code> class ErrorPassOf : public testing::Test {};
using Codes = testing::Types<std::int8_t, std::uint8_t, std::int16_t>;
TYPED_TEST_SUITE(ErrorPassOf, Codes);

} // namespace

TEST(ErrorPass, sumsWhatIsFiniteAndCountsTheRest)
{
    ErrorHistograms histograms;
    const CodeGrid grid = CodeGrid::of(0.5f, 0, -128, 127);
    const ErrorSums sums = measure<std::int8_t>({2, 4, 6, 8}, {0.5f, 2.5f, std::numeric_limits<float>::quiet_NaN(), 4.0f}, grid, histograms);
    EXPECT_EQ(sums.count, 3u);
    EXPECT_EQ(sums.notFinite, 1u);
    EXPECT_DOUBLE_EQ(sums.diff, 0.0);
    EXPECT_DOUBLE_EQ(sums.diffSquared, 0.5);
    EXPECT_DOUBLE_EQ(sums.maxAbsDiff, 0.5);
    EXPECT_EQ(histograms.errorInLsb.histogram().total(), 3u);
}

TEST(ErrorPass, givesTheSumsOfEveryLength)
{
    std::mt19937 random(11); // fixed: the test says one thing every time
    for (const std::size_t count : {1, 7, 16, 33, 127, 129, 1023, 1024, 1025, 3000}) {
        Tensor<std::int8_t> tensor(CodeGrid::of(0.25f, 3, -128, 127), 1, count);
        for (std::size_t i = 0; i < count; ++i) {
            tensor.codes[i] = static_cast<std::int8_t>(random());
            tensor.floats[0][i] = static_cast<float>(tensor.codes[i] - 3) * 0.25f + static_cast<float>(random() % 1000) * 0.001f - 0.4f;
        }
        Measured expected;
        define(tensor, expected);
        test::onEveryTarget([&] {
            const Measured actual = measured(tensor, {0});
            expectCloseSums(actual.sums[0], expected.sums[0]);
            EXPECT_EQ(actual.histograms[0].errorInLsb.histogram().total(), count);
            EXPECT_EQ(actual.histograms[0].floatValues.histogram(tensor.grid).total(), count);
        });
    }
}

TEST(ErrorPass, keepsSquaresThatFloatCannotHold)
{
    const CodeGrid grid = CodeGrid::of(1e-25f, 0, -128, 127);
    ErrorHistograms histograms;
    EXPECT_NEAR(measure<std::int8_t>({1, 1}, {0.0f, 0.0f}, grid, histograms).diffSquared, 2e-50, 1e-55);
    EXPECT_NEAR(measure<std::int8_t>({1, 1}, {1e25f, 0.0f}, grid, histograms).floatSquared, 1e50, 1e44);
}

TEST(ErrorPass, measuresInStepsThatAreNearlyNothing)
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

TEST(ErrorPass, keepsItsBinsWhereAnErrorIsBeyondAll)
{
    const CodeGrid grid = CodeGrid::of(1e-10f, 0, -128, 127);
    ErrorHistograms histograms;
    measure<std::int8_t>({1, 2, 3}, {0.0f, 1e-10f, 1e20f}, grid, histograms);
    const Histogram errors = histograms.errorInLsb.histogram();
    EXPECT_EQ(errors.width, 1.0 / 32.0);
    EXPECT_EQ(errors.above, 1u);
    EXPECT_EQ(errors.total(), 3u);
}

TEST(ErrorPass, countsFloatsAtTheCodeThatLiesNearest)
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

TEST(ErrorPass, takesTheMiddleBetweenCodesAsTheLower)
{
    const CodeGrid grid = CodeGrid::of(1.0f, 0, -128, 127);
    ErrorHistograms histograms;
    measure<std::int8_t>({1, 0, -1, 100}, {0.5f, 0.5f, -0.5f, -0.5f}, grid, histograms);
    const Histogram result = histograms.floatValues.histogram(grid);
    EXPECT_EQ(result.counts[128], 2u);
    EXPECT_EQ(result.counts[127], 2u);
}

TEST(ErrorPass, binsAlikeOnEveryTarget)
{
    std::mt19937 random(7); // fixed: the test says one thing every time
    Tensor<std::int8_t> tensor(CodeGrid::of(0.05f, -10, -128, 127), 1, 5000);
    for (std::size_t i = 0; i < tensor.count; ++i) {
        tensor.codes[i] = static_cast<std::int8_t>(random());
        tensor.floats[0][i] = tensor.real(i) + (static_cast<float>(random() % 2001) - 1000.0f) * (i < 2000 ? 1e-4f : 3e-3f);
    }
    std::vector<ErrorHistograms> all;
    test::onEveryTarget([&] { measure(tensor.codes, tensor.floats[0], tensor.grid, all.emplace_back()); });
    Measured expected;
    define(tensor, expected);
    for (const ErrorHistograms &each : all)
        expectSameHistograms(each, expected.histograms[0], tensor.grid);
    const Histogram values = expected.histograms[0].floatValues.histogram(tensor.grid);
    EXPECT_GT(values.below + values.above, 0u);
}

TEST(ErrorPass, doesNotDependOnHowSamplesAreGathered)
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
    std::vector<EndCounts> ends(4);
    ErrorHistograms together;
    GridHistogram ofCodes;
    const ErrorSide side{{floats.data(), 500 * sizeof(float)}, &together, sums.data()};
    ErrorPass().measure<std::int16_t>({{codes.data(), 500 * sizeof(std::int16_t)}, grid, &ofCodes, {}}, {&side, 1}, 4, 500, ends.data());
    ErrorHistograms apart;
    for (std::size_t sample = 4; sample-- > 0;) {
        const auto first = static_cast<std::ptrdiff_t>(sample * 500);
        ErrorHistograms one;
        const std::vector<std::int16_t> itsCodes(codes.begin() + first, codes.begin() + first + 500);
        const std::vector<float> itsFloats(floats.begin() + first, floats.begin() + first + 500);
        expectSameSums({measure(itsCodes, itsFloats, grid, one)}, {sums[sample]});
        apart.merge(one);
    }
    expectSameHistograms(apart, together, grid);
}

TEST(ErrorPass, givesOfTwoSidesWhatEachGivesAlone)
{
    std::mt19937 random(23); // fixed: the test says one thing every time
    const auto expectAlike = [](const auto &tensor) {
        test::onEveryTarget([&] {
            const Measured both = measured(tensor, {0, 1});
            for (const std::size_t side : {0, 1}) {
                const Measured alone = measured(tensor, {side});
                expectSameSums(both.sums[side], alone.sums[side]);
                expectSameHistograms(both.histograms[side], alone.histograms[side], tensor.grid);
                expectSameEnds(both.ends, alone.ends);
                EXPECT_EQ(both.codes.histogram(tensor.grid), alone.codes.histogram(tensor.grid));
            }
        });
    };
    for (const Size &size : kSizes) {
        constexpr std::array<Spread, 2> kOfBytes{{{.usual = 0.5f}, {.usual = 8.0f, .rare = 2000.0f, .rareEvery = 200}}};
        constexpr std::array<Spread, 2> kOfShorts{{{.usual = 9000.0f}, {.usual = 2.0f}}};
        expectAlike(randomTensor<std::int8_t>(gridOf<std::int8_t>(0.05f, -10), size.samples, size.count, kOfBytes, random));
        expectAlike(randomTensor<std::int16_t>(gridOf<std::int16_t>(0.001f, 0), size.samples, size.count, kOfShorts, random));
    }
}

TYPED_TEST(ErrorPassOf, binsSmallErrorsByDefinition)
{
    expectDefinitionAtEverySize<TypeParam>(0.05f, 10, {{{.usual = 0.5f}, {.usual = 3.0f}}});
}

TYPED_TEST(ErrorPassOf, binsErrorsBeyondItsOffsetsByDefinition)
{
    // Hundreds of bins: 256 steps a bin where codes have 16 bits.
    constexpr float kBin = sizeof(TypeParam) == 1 ? 1.0f : 256.0f;
    constexpr Spread kFar{.usual = 2.0f * kBin, .rare = 300.0f * kBin, .rareEvery = 30};
    constexpr Spread kNear{.usual = 2.0f * kBin, .rare = 40.0f * kBin, .rareEvery = 50};
    expectDefinitionAtEverySize<TypeParam>(0.05f, 10, {kFar, kNear});
    expectDefinitionAtEverySize<TypeParam>(0.05f, 10, {{{.usual = 300.0f * kBin}, {.usual = 100.0f * kBin}}});
}

TYPED_TEST(ErrorPassOf, binsNarrowAndWideErrorsByDefinition)
{
    expectDefinitionAtEverySize<TypeParam>(0.05f, 10, {{{.usual = 1000.0f}, {.usual = 1.0f}}});
    expectDefinitionAtEverySize<TypeParam>(0.05f, 10, {{{.usual = 3.0f, .rare = 4000.0f, .rareEvery = 2000}, {.usual = 100000.0f}}});
}

TYPED_TEST(ErrorPassOf, binsAtEdgesByDefinition)
{
    // Of 1023 steps and 2^17, between which errors take more bits or no vectors at all, and of halves of counts of offsets; steps are exact there.
    std::vector<float> edges;
    for (const float whole : {0.0f, 1.0f, 2.0f, 3.0f, 4.0f, 8.0f, 16.0f, 32.0f, 63.0f, 64.0f, 128.0f, 1022.0f, 1023.0f, 1024.0f, 32768.0f, 65536.0f, 131071.0f,
                              131072.0f, 200000.0f, 600000.0f, 1e9f})
        for (const float more : {-0.5f, -1.0f / 32.0f, 0.0f, 1.0f / 32.0f, 0.5f})
            edges.insert(edges.end(), {whole + more, -(whole + more)});
    // Each in a piece whose largest it is.
    for (std::size_t last = 1; last <= edges.size(); ++last) {
        Tensor<TypeParam> tensor(gridOf<TypeParam>(0.25f, 100), 1, 300);
        for (std::size_t i = 0; i < tensor.count; ++i) {
            tensor.codes[i] = static_cast<TypeParam>(i * (sizeof(TypeParam) == 1 ? 1 : 219));
            tensor.floats[0][i] = tensor.real(i) - edges[i % last] * 0.25f;
            tensor.floats[1][i] = tensor.real(i) - edges[i * 7 % last] * 0.25f;
        }
        expectDefinition(tensor);
    }
}

TYPED_TEST(ErrorPassOf, widensItsBinsBetweenSamples)
{
    std::mt19937 random(29); // fixed: the test says one thing every time
    const CodeGrid grid = gridOf<TypeParam>(0.25f, 3);
    for (const std::size_t count : {20, 300, 1500}) {
        Tensor<TypeParam> tensor = randomTensor<TypeParam>(grid, 7, count, {{{.usual = 0.25f}, {.usual = 0.125f}}}, random);
        for (std::size_t i = 0; i < tensor.codes.size(); ++i) {
            const auto sample = static_cast<int>(i / tensor.stride);
            tensor.floats[0][i] = tensor.real(i) + std::ldexp(tensor.floats[0][i] - tensor.real(i), 2 * sample);
            tensor.floats[1][i] = tensor.real(i) + std::ldexp(tensor.floats[1][i] - tensor.real(i), sample / 3); // seldom
        }
        expectDefinition(tensor);
    }
}

TYPED_TEST(ErrorPassOf, addsToTheSameHistogramsCallAfterCall)
{
    std::mt19937 random(31); // fixed: the test says one thing every time
    const CodeGrid grid = gridOf<TypeParam>(0.05f, 10);
    std::vector<Tensor<TypeParam>> tensors;
    Measured expected;
    for (unsigned call = 0; call < 60; ++call) {
        const float usual = call < 20 ? 0.5f : call < 40 ? 20.0f : 700.0f;
        const std::array<Spread, 2> spreads{{{.usual = usual}, {.usual = 1.0f, .rare = usual, .rareEvery = 9}}};
        tensors.push_back(randomTensor<TypeParam>(grid, 1 + call % 3, call % 2 == 0 ? 50 : 700, spreads, random));
        define(tensors.back(), expected);
    }
    test::onEveryTarget([&] {
        ErrorPass pass;
        Measured actual;
        for (const Tensor<TypeParam> &tensor : tensors)
            measureSides(pass, tensor, {0, 1}, actual);
        EXPECT_EQ(actual.codes.histogram(grid), expected.codes.histogram(grid));
        for (const std::size_t side : {0, 1})
            expectSameHistograms(actual.histograms[side], expected.histograms[side], grid);
        expectCloseSums(actual.sums[0], expected.sums[0]); // of the last alone
    });
}

TEST(ErrorPass, keepsTensorsApartThatTakeTurns)
{
    std::mt19937 random(37); // fixed: the test says one thing every time
    const auto bytes = randomTensor<std::int8_t>(gridOf<std::int8_t>(0.05f, -10), 2, 600, {{{.usual = 0.5f}, {.usual = 30.0f}}}, random);
    const auto shorts = randomTensor<std::int16_t>(gridOf<std::int16_t>(0.01f, 0), 2, 900, {{{.usual = 5000.0f}, {.usual = 1.0f}}}, random);
    ErrorPass pass;
    Measured actualBytes, actualShorts, expectedBytes, expectedShorts;
    for (int turn = 0; turn < 3; ++turn) {
        measureSides(pass, bytes, {0, 1}, actualBytes);
        measureSides(pass, shorts, {1}, actualShorts);
        define(bytes, expectedBytes);
        define(shorts, expectedShorts);
    }
    expectSameHistograms(actualBytes.histograms[0], expectedBytes.histograms[0], bytes.grid);
    expectSameHistograms(actualBytes.histograms[1], expectedBytes.histograms[1], bytes.grid);
    expectSameHistograms(actualShorts.histograms[1], expectedShorts.histograms[1], shorts.grid);
    EXPECT_EQ(actualBytes.codes.histogram(bytes.grid), expectedBytes.codes.histogram(bytes.grid));
    EXPECT_EQ(actualShorts.codes.histogram(shorts.grid), expectedShorts.codes.histogram(shorts.grid));
}

TYPED_TEST(ErrorPassOf, countsNothingButZeros)
{
    for (const std::size_t count : {100, 5000}) {
        Tensor<TypeParam> tensor(gridOf<TypeParam>(0.05f, 10), 2, count);
        std::ranges::fill(tensor.codes, TypeParam{10});
        test::onEveryTarget([&] {
            const Measured actual = measured(tensor, {0, 1});
            for (const std::size_t side : {0, 1}) {
                const Histogram errors = actual.histograms[side].errorInLsb.histogram();
                EXPECT_EQ(errors.counts[GrowingHistogram::kBinsPerSide], 2 * count);
                EXPECT_EQ(errors.total(), 2 * count);
                EXPECT_EQ(actual.histograms[side].floatValues.histogram(tensor.grid), actual.codes.histogram(tensor.grid));
                expectSameSums(actual.sums[side], {{.count = count}, {.count = count}});
            }
            EXPECT_EQ(actual.codes.histogram(tensor.grid).counts[static_cast<std::size_t>((10 - tensor.grid.minCode) / tensor.grid.codesPerBin)], 2 * count);
        });
    }
}

TYPED_TEST(ErrorPassOf, keepsASideWholeWhereTheOtherIsNotFinite)
{
    std::mt19937 random(41); // fixed: the test says one thing every time
    auto tensor = randomTensor<TypeParam>(gridOf<TypeParam>(0.05f, 10), 2, 3000, {{{.usual = 3.0f}, {.usual = 9.0f}}}, random);
    tensor.floats[0][1500] = std::numeric_limits<float>::quiet_NaN();
    tensor.floats[0][1501] = std::numeric_limits<float>::infinity();
    tensor.floats[0][tensor.stride + 5] = -std::numeric_limits<float>::infinity();
    expectDefinition(tensor);
    const Measured actual = measured(tensor, {0, 1});
    EXPECT_EQ(actual.sums[0][0].notFinite, 2u);
    EXPECT_EQ(actual.sums[0][1].notFinite, 1u);
    EXPECT_EQ(actual.sums[1][0].notFinite, 0u);
    EXPECT_EQ(actual.histograms[0].errorInLsb.histogram().total(), 2 * tensor.count - 3);
    EXPECT_EQ(actual.histograms[1].errorInLsb.histogram().total(), 2 * tensor.count);
    EXPECT_EQ(actual.codes.histogram(tensor.grid).total(), 2 * tensor.count) << "codes count whatever their floats are";
}

TYPED_TEST(ErrorPassOf, widensItsBinsAmongFloatsThatAreNotFinite)
{
    std::mt19937 random(59); // fixed: the test says one thing every time
    auto tensor = randomTensor<TypeParam>(gridOf<TypeParam>(0.25f, 10), 1, 4000, {{{.usual = 0.5f}, {.usual = 1.5f}}}, random);
    tensor.floats[0][1500] = std::numeric_limits<float>::quiet_NaN();
    tensor.floats[0][1501] = tensor.real(1501) + 100.0f; // after narrow errors in the piece before
    tensor.floats[1][1502] = tensor.real(1502) - 3000.0f;
    expectDefinition(tensor);
}

TYPED_TEST(ErrorPassOf, countsEveryElementOfARun)
{
    std::mt19937 random(43); // fixed: the test says one thing every time
    const CodeGrid grid = gridOf<TypeParam>(0.05f, 10);
    ErrorPass pass;
    Measured actual;
    constexpr std::array<Spread, 2> kSpreads{{{.usual = 50.0f}, {.usual = 1.0f, .rare = 1e5f, .rareEvery = 40}}};
    std::uint64_t elements = 0;
    for (const Size &size : kSizes) {
        const auto tensor = randomTensor<TypeParam>(grid, size.samples, size.count, kSpreads, random);
        measureSides(pass, tensor, {0, 1}, actual);
        elements += size.samples * size.count;
        EXPECT_EQ(actual.codes.histogram(grid).total(), elements);
        for (const ErrorHistograms &histograms : actual.histograms) {
            EXPECT_EQ(histograms.errorInLsb.histogram().total(), elements);
            EXPECT_EQ(histograms.floatValues.histogram(grid).total(), elements);
        }
    }
}

TEST(ErrorPass, countsEveryCodeAndTheEnds)
{
    const std::vector<std::int8_t> codes{-128, 127, 127, 0, 5, -128, -128, 5, 9};
    const CodeGrid grid = CodeGrid::of(0.5f, 0, -128, 127);
    GridHistogram histogram;
    EndCounts ends;
    ErrorPass().measure<std::int8_t>({{codes.data(), 0}, grid, &histogram, {}}, {}, 1, codes.size(), &ends);
    const Histogram result = histogram.histogram(grid);
    EXPECT_EQ(result.counts[0], 3u);
    EXPECT_EQ(result.counts[255], 2u);
    EXPECT_EQ(result.counts[128 + 5], 2u);
    EXPECT_EQ(result.total(), codes.size());
    EXPECT_EQ(ends.min, 3u);
    EXPECT_EQ(ends.max, 2u);
}

TYPED_TEST(ErrorPassOf, countsTheEndsOfEachSample)
{
    for (const std::size_t count : {60, 2500}) {
        Tensor<TypeParam> tensor(gridOf<TypeParam>(0.05f, 10), 3, count);
        std::ranges::fill(tensor.codes, TypeParam{10});
        std::fill_n(tensor.codes.begin(), count, std::numeric_limits<TypeParam>::min());
        std::fill_n(tensor.codes.begin() + static_cast<std::ptrdiff_t>(2 * tensor.stride), count - 1, std::numeric_limits<TypeParam>::max());
        for (std::size_t i = 0; i < tensor.codes.size(); ++i)
            tensor.floats[0][i] = tensor.floats[1][i] = tensor.real(i);
        test::onEveryTarget([&] {
            for (const std::vector<std::size_t> &which : {std::vector<std::size_t>{}, {0}, {0, 1}}) {
                const auto ends = static_cast<std::uint32_t>(count);
                expectSameEnds(measured(tensor, which).ends, {{.min = ends, .max = 0}, {}, {.min = 0, .max = ends - 1}});
            }
        });
    }
}

TEST(ErrorPass, leavesTheEndsInTheSumsToOthers)
{
    const std::vector<std::int8_t> codes{-128, 127, 0};
    const std::vector<float> floats{-64.0f, 63.5f, 0.0f};
    ErrorHistograms histograms;
    GridHistogram ofCodes;
    EndCounts ends;
    ErrorSums sums{.count = 99, .notFinite = 98, .diff = 97.0, .maxAbsDiff = 96.0, .atMinCode = 7, .atMaxCode = 8};
    const ErrorSide side{{floats.data(), 0}, &histograms, &sums};
    ErrorPass().measure<std::int8_t>({{codes.data(), 0}, CodeGrid::of(0.5f, 0, -128, 127), &ofCodes, {}}, {&side, 1}, 1, codes.size(), &ends);
    EXPECT_EQ(sums.atMinCode, 7u);
    EXPECT_EQ(sums.atMaxCode, 8u);
    EXPECT_EQ(sums.count, 3u) << "of this call alone";
    EXPECT_EQ(sums.notFinite, 0u);
    EXPECT_EQ(sums.diff, 0.0);
    EXPECT_EQ(sums.maxAbsDiff, 0.0);
}

TYPED_TEST(ErrorPassOf, leavesTheRealValuesWhereThereIsAPlace)
{
    std::mt19937 random(47); // fixed: the test says one thing every time
    constexpr float kGap = -12345.0f;
    for (const Size &size : {Size{3, 40}, Size{2, 1025}, Size{1, 5000}}) {
        const auto tensor = randomTensor<TypeParam>(gridOf<TypeParam>(0.0123f, 10), size.samples, size.count, {{{.usual = 1.0f}, {.usual = 5.0f}}}, random);
        const std::size_t stride = size.count + 5;
        test::onEveryTarget([&] {
            for (const std::vector<std::size_t> &which : {std::vector<std::size_t>{}, {0}, {0, 1}}) {
                std::vector<float> reals(size.samples * stride, kGap);
                ErrorPass pass;
                Measured withPlace;
                measureSides(pass, tensor, which, withPlace, {reals.data(), stride * sizeof(float)});
                for (std::size_t i = 0; i < reals.size(); ++i)
                    ASSERT_EQ(reals[i], i % stride < size.count ? tensor.real(i / stride * tensor.stride + i % stride) : kGap) << i;
                const Measured without = measured(tensor, which);
                EXPECT_EQ(withPlace.codes.histogram(tensor.grid), without.codes.histogram(tensor.grid));
                for (const std::size_t side : which) {
                    expectSameSums(withPlace.sums[side], without.sums[side]);
                    expectSameHistograms(withPlace.histograms[side], without.histograms[side], tensor.grid);
                }
            }
        });
    }
}

TYPED_TEST(ErrorPassOf, takesAZeroPointOutsideOfTheType)
{
    std::mt19937 random(53); // fixed: the test says one thing every time
    for (const std::int64_t zeroPoint : {-1000, 40000}) {
        auto tensor = randomTensor<TypeParam>(gridOf<TypeParam>(0.5f, 0), 1, 700, {{{.usual = 1.0f}, {.usual = 200.0f}}}, random);
        tensor.grid.zeroPoint = zeroPoint;
        for (std::size_t i = 0; i < tensor.codes.size(); ++i)
            for (std::vector<float> &floats : tensor.floats)
                floats[i] -= static_cast<float>(zeroPoint) * 0.5f; // the errors stay
        expectDefinition(tensor);
    }
}

TEST(realValues, areThoseOfDequantize)
{
    std::vector<std::int16_t> codes;
    for (int code = -32768; code < 32768; code += 7)
        codes.push_back(static_cast<std::int16_t>(code));
    test::onEveryTarget([&] {
        std::vector<float> reals(codes.size());
        realValues(codes.data(), codes.size(), 0.0123f, -5, reals.data());
        for (std::size_t i = 0; i < codes.size(); ++i)
            ASSERT_EQ(reals[i], static_cast<float>(static_cast<double>(0.0123f) * (codes[i] + 5))) << codes[i];
    });
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

TEST(GrowingHistogram, isEmptyUntilABinCounts)
{
    GrowingHistogram histogram;
    EXPECT_TRUE(histogram.isEmpty());
    histogram.add(std::numeric_limits<double>::infinity());
    EXPECT_TRUE(histogram.isEmpty()) << "in no bin";
    histogram.addCount(3, 0);
    EXPECT_TRUE(histogram.isEmpty());
    histogram.add(-1.99);
    EXPECT_FALSE(histogram.isEmpty());
    histogram.growTo(5);
    EXPECT_FALSE(histogram.isEmpty());
    GrowingHistogram last;
    last.addCount(GrowingHistogram::kBins - 1, 1);
    EXPECT_FALSE(last.isEmpty());
}

TEST(GrowingHistogram, reachesAsFarAsAllButAFiftieth)
{
    GrowingHistogram histogram;
    EXPECT_EQ(histogram.reachOfMost(), 1.0 / 32.0) << "empty: one bin";
    for (int i = 0; i < 48; ++i)
        histogram.add(i % 2 == 0 ? 0.3 : -0.3);
    histogram.add(1.9);
    EXPECT_EQ(histogram.reachOfMost(), 61.0 / 32.0) << "one of 49 is more than a fiftieth";
    histogram.add(0.3);
    EXPECT_EQ(histogram.reachOfMost(), 10.0 / 32.0) << "one of 50 is not";
    histogram.add(-1.5);
    EXPECT_EQ(histogram.reachOfMost(), 48.0 / 32.0) << "two of 51 are";
    histogram.growTo(1);
    EXPECT_EQ(histogram.reachOfMost(), 2.0) << "in wider bins";
}

TEST(GrowingHistogram, reachesToEitherSide)
{
    GrowingHistogram below;
    GrowingHistogram above;
    below.add(-2.0);
    above.add(1.99);
    EXPECT_EQ(below.reachOfMost(), 2.0);
    EXPECT_EQ(above.reachOfMost(), 2.0);
    EXPECT_EQ(GrowingHistogram::kNarrowest, GrowingHistogram().exponent());
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

TEST(sumOfSquares, isThatOfWholeNumbers)
{
    std::mt19937 random(12); // fixed: the test says one thing every time
    std::vector<std::int8_t> codes(2500);
    for (std::int8_t &code : codes)
        code = static_cast<std::int8_t>(random());
    for (const std::int32_t zeroPoint : {-128, 0, 127, 1023, 100000})
        for (const std::size_t count : {0, 1, 31, 1024, 2500}) {
            double expected = 0.0;
            for (std::size_t i = 0; i < count; ++i)
                expected += static_cast<double>(codes[i] - zeroPoint) * (codes[i] - zeroPoint);
            test::onEveryTarget([&] { EXPECT_EQ(sumOfSquares(codes.data(), count, zeroPoint), expected) << zeroPoint << ", " << count; });
        }
}

TEST(sumOfSquares, of16BitsIsThatOfTheirExtremes)
{
    const std::vector<std::int16_t> codes(2000, -32768);
    EXPECT_EQ(sumOfSquares(codes.data(), codes.size(), 32767), 65535.0 * 65535.0 * 2000.0);
}
