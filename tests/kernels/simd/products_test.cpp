// SPDX-License-Identifier: GPL-3.0-or-later
//
// The vector code on every instruction set of this machine, against the plain loops it stands for.
#include "kernels/simd/products.h"
#include "kernels/simd/every_target.h"
#include "kernels/simd/some_operands.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace quantloupe;
using namespace quantloupe::simd;
using namespace quantloupe::simd::test;

namespace {

struct Size {
    std::size_t rows, columns, depth;
};
const Size kSizes[] = {{1, 1, 1}, {3, 5, 7}, {11, 8, 9}, {13, 40, 40}, {9, 16, 4}, {7, 10, 31}, {17, 17, 27}, {8, 32, 64}, {5, 33, 30}, {33, 48, 65}, {2, 70, 300}, {4, 9, 1025}};

template <typename Code> void expectProducts(DataType type, std::int64_t lowestWeight, std::int64_t highestWeight, CodeScaling::Rounding rounding, int largestExponent = 3)
{
    Random random(3);
    const IntegerRange range = integerRange(type);
    for (const auto &[rows, columns, depth] : kSizes) {
        const auto zeroPoint = static_cast<std::int32_t>(type == DataType::Int16 ? 0 : between(random, range.min, range.max));
        const auto weights = integers<std::int16_t>(random, columns * depth, lowestWeight, highestWeight);
        const auto bias = integers<std::int64_t>(random, columns, -30000, 30000);
        const auto codes = integers<Code>(random, rows * depth, range.min, range.max);
        const CodeScaling toCodes = scaling(random, columns, type, rounding, largestExponent);
        const CodeWeights packed(weights, columns, depth, type, zeroPoint, bias, toCodes, false);
        std::vector<std::int16_t> centred;
        for (const Code code : codes)
            centred.push_back(static_cast<std::int16_t>(code - zeroPoint));
        std::vector<Code> out(rows * columns);
        packed.multiply(packed.readsCodes() ? static_cast<const void *>(codes.data()) : centred.data(), rows, depth, out.data(), columns);
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t c = 0; c < columns; ++c) {
                auto sum = static_cast<std::uint32_t>(bias[c]);
                for (std::size_t k = 0; k < depth; ++k)
                    sum += static_cast<std::uint32_t>(std::int32_t{centred[r * depth + k]} * weights[c * depth + k]);
                ASSERT_EQ(out[r * columns + c], expectedCode(toCodes, c, static_cast<std::int32_t>(sum))) << rows << " x " << columns << " x " << depth << " at " << r << ", " << c;
            }
        }
    }
}

} // namespace

TEST(CodeWeights, int8ProductsAreExact)
{
    quantloupe::test::onEveryTarget([] { expectProducts<std::int8_t>(DataType::Int8, -128, 127, CodeScaling::Rounding::FixedPoint); });
}

TEST(CodeWeights, productsOfFactorsThatOnlyShiftRightAreExact)
{
    quantloupe::test::onEveryTarget([] {
        expectProducts<std::int8_t>(DataType::Int8, -128, 127, CodeScaling::Rounding::FixedPoint, -2);
        expectProducts<std::uint8_t>(DataType::UInt8, -255, 255, CodeScaling::Rounding::FixedPoint, -2);
        expectProducts<std::int16_t>(DataType::Int16, -127, 127, CodeScaling::Rounding::FixedPoint, -2);
    });
}

TEST(CodeWeights, productsRoundedInDoubleAreExact)
{
    quantloupe::test::onEveryTarget([] { expectProducts<std::int8_t>(DataType::Int8, -127, 127, CodeScaling::Rounding::InDouble); });
}

TEST(CodeWeights, uint8ProductsOfNineBitWeightsAreExact)
{
    quantloupe::test::onEveryTarget([] { expectProducts<std::uint8_t>(DataType::UInt8, -255, 255, CodeScaling::Rounding::FixedPoint); });
}

TEST(CodeWeights, int16ProductsWrapAt32Bits)
{
    quantloupe::test::onEveryTarget([] { expectProducts<std::int16_t>(DataType::Int16, -127, 127, CodeScaling::Rounding::FixedPoint); });
}

TEST(CodeWeights, wideSumsDoNotWrap)
{
    quantloupe::test::onEveryTarget([] {
        Random random(4);
        for (const auto &[rows, columns, depth] : kSizes) {
            const std::vector<std::int16_t> codes(rows * depth, 32767);
            const auto weights = integers<std::int16_t>(random, columns * depth, 100, 127);
            const std::vector<std::int64_t> bias(columns, 0);
            const CodeWeights packed(weights, columns, depth, DataType::Int16, 0, bias, {}, true);
            std::vector<std::int64_t> sums(rows * columns);
            packed.sums(codes.data(), rows, depth, sums.data());
            for (std::size_t r = 0; r < rows; ++r) {
                for (std::size_t c = 0; c < columns; ++c) {
                    std::int64_t sum = 0;
                    for (std::size_t k = 0; k < depth; ++k)
                        sum += std::int64_t{32767} * weights[c * depth + k];
                    ASSERT_EQ(sums[r * columns + c], sum);
                }
            }
        }
    });
}

TEST(FloatWeights, productsAreTheReferencesWithinRounding)
{
    quantloupe::test::onEveryTarget([] {
        Random random(6);
        for (const auto &[rows, columns, depth] : kSizes) {
            const auto weights = reals(random, columns * depth);
            const auto bias = reals(random, columns);
            const auto in = reals(random, rows * depth);
            const std::size_t stride = columns + 3;
            std::vector<float> out(rows * stride, -99.0f);
            FloatWeights(weights, columns, depth, bias, {-20.0f, 20.0f}).multiply(in.data(), rows, depth, out.data(), stride);
            for (std::size_t r = 0; r < rows; ++r) {
                for (std::size_t c = 0; c < stride; ++c) {
                    if (c >= columns) {
                        ASSERT_EQ(out[r * stride + c], -99.0f) << "beyond the columns nothing is written";
                        continue;
                    }
                    double sum = 0.0;
                    double size = 1.0;
                    for (std::size_t k = 0; k < depth; ++k) {
                        sum += static_cast<double>(in[r * depth + k]) * static_cast<double>(weights[c * depth + k]);
                        size += std::abs(static_cast<double>(in[r * depth + k]) * static_cast<double>(weights[c * depth + k]));
                    }
                    ASSERT_NEAR(out[r * stride + c], std::clamp(sum + static_cast<double>(bias[c]), -20.0, 20.0), 1e-6 * size);
                }
            }
        }
    });
}

TEST(FloatWeights, nanComesThroughTheClamp)
{
    quantloupe::test::onEveryTarget([] {
        const std::vector<float> weights{1.0f, 1.0f};
        const std::vector<float> bias{0.0f, 0.0f};
        const float in = std::nanf("");
        std::vector<float> out(2);
        FloatWeights(weights, 2, 1, bias, {0.0f, 6.0f}).multiply(&in, 1, 1, out.data(), 2);
        EXPECT_TRUE(std::isnan(out[0]));
        EXPECT_TRUE(std::isnan(out[1]));
    });
}

TEST(dotProducts, areExactAndWrap)
{
    quantloupe::test::onEveryTarget([] {
        Random random(10);
        for (const auto &[rows, columns, depth] : kSizes) {
            const auto a = integers<std::int16_t>(random, rows * depth, -32768, 32767);
            const auto b = integers<std::int16_t>(random, columns * depth, -255, 255);
            std::vector<std::int32_t> out(rows * columns);
            dotProducts(a.data(), rows, b.data(), columns, depth, out.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                std::uint32_t sum = 0;
                for (std::size_t k = 0; k < depth; ++k)
                    sum += static_cast<std::uint32_t>(std::int32_t{a[i / columns * depth + k]} * b[i % columns * depth + k]);
                ASSERT_EQ(out[i], static_cast<std::int32_t>(sum));
            }
        }
    });
}

TEST(floatProducts, areTheReferencesWithinRounding)
{
    quantloupe::test::onEveryTarget([] {
        Random random(12);
        for (const auto &[rows, columns, depth] : kSizes) {
            const auto a = reals(random, rows * depth);
            const auto b = reals(random, columns * depth);
            std::vector<float> out(rows * columns);
            floatProducts(a.data(), rows, b.data(), columns, depth, out.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                double sum = 0.0;
                for (std::size_t k = 0; k < depth; ++k)
                    sum += static_cast<double>(a[i / columns * depth + k]) * static_cast<double>(b[k * columns + i % columns]);
                ASSERT_NEAR(out[i], sum, 1e-6 * static_cast<double>(depth) * 4.0);
            }
        }
    });
}

namespace {

/// Rows in runs that lie apart, some of them overlapping, and the same rows one after another.
struct Scattered {
    Scattered(Random &random, std::size_t rows, std::size_t count, std::size_t length)
    {
        runs.length = length;
        for (std::size_t i = 0; i < count; ++i)
            runs.offsets.push_back(static_cast<std::int32_t>(i * (length + 3)));
        for (std::size_t r = 0; r < rows; ++r)
            starts.push_back(static_cast<std::int32_t>(between(random, 0, 50)));
        elements = 50 + count * (length + 3);
    }
    template <typename T> std::vector<T> gathered(const std::vector<T> &from) const
    {
        std::vector<T> result;
        for (const std::int32_t start : starts)
            for (const std::int32_t offset : runs.offsets)
                result.insert(result.end(), from.begin() + start + offset, from.begin() + start + offset + static_cast<std::ptrdiff_t>(runs.length));
        return result;
    }

    RowRuns runs;
    std::vector<std::int32_t> starts;
    std::size_t elements;
};

const std::size_t kColumns[] = {1, 3, 8, 10, 16, 24, 40};
const std::size_t kRunLengths[] = {1, 2, 3, 4, 7, 8, 9, 16};

} // namespace

TEST(FloatWeights, rowsInRunsGiveWhatWholeRowsGive)
{
    quantloupe::test::onEveryTarget([] {
        Random random(14);
        for (const std::size_t columns : kColumns) {
            for (const std::size_t length : kRunLengths) {
                const Scattered rows(random, 13, 3, length);
                const std::size_t depth = 3 * length;
                const auto weights = reals(random, columns * depth);
                const auto bias = reals(random, columns);
                const auto in = reals(random, rows.elements);
                const FloatClamp clamp{-20.0f, 20.0f};
                std::vector<float> out(rows.starts.size() * columns);
                std::vector<float> expected(out.size());
                FloatWeights(weights, columns, rows.runs, bias, clamp).multiply(in.data(), rows.starts, out.data(), columns);
                FloatWeights(weights, columns, depth, bias, clamp).multiply(rows.gathered(in).data(), rows.starts.size(), depth, expected.data(), columns);
                for (std::size_t i = 0; i < out.size(); ++i)
                    ASSERT_NEAR(out[i], expected[i], 1e-4) << columns << " columns, runs of " << length << ", element " << i;
            }
        }
    });
}

TEST(FloatWeights, nothingBehindARunIsMultiplied)
{
    quantloupe::test::onEveryTarget([] {
        const std::vector<float> weights{1.0f, 2.0f, 3.0f};
        const float in[] = {1.0f, 1.0f, 1.0f, INFINITY, INFINITY};
        float out = 0.0f;
        FloatWeights(weights, 1, 3, std::vector<float>{0.5f}, {-100.0f, 100.0f}).multiply(in, 1, 3, &out, 1);
        EXPECT_EQ(out, 6.5f);
    });
}

TEST(CodeWeights, rowsInRunsGiveWhatWholeRowsGive)
{
    quantloupe::test::onEveryTarget([] {
        Random random(15);
        for (const DataType type : {DataType::Int8, DataType::Int16}) {
            for (const std::size_t columns : kColumns) {
                for (const std::size_t length : kRunLengths) {
                    const Scattered rows(random, 13, 3, length);
                    const std::size_t depth = 3 * length;
                    const auto weights = integers<std::int16_t>(random, columns * depth, -127, 127);
                    const auto bias = integers<std::int64_t>(random, columns, -3000, 3000);
                    const CodeScaling toCodes = scaling(random, columns, DataType::Int8, CodeScaling::Rounding::FixedPoint, -4);
                    const CodeWeights inRuns(weights, columns, rows.runs, type, 0, bias, toCodes, false);
                    const CodeWeights whole(weights, columns, depth, type, 0, bias, toCodes, false);
                    std::vector<std::int8_t> out(rows.starts.size() * columns);
                    std::vector<std::int8_t> expected(out.size());
                    if (inRuns.readsCodes()) {
                        const auto in = integers<std::int8_t>(random, rows.elements, -128, 127);
                        inRuns.multiply(in.data(), rows.starts, out.data(), columns);
                        whole.multiply(rows.gathered(in).data(), rows.starts.size(), depth, expected.data(), columns);
                    } else {
                        const auto in = integers<std::int16_t>(random, rows.elements, -255, 255);
                        inRuns.multiply(in.data(), rows.starts, out.data(), columns);
                        whole.multiply(rows.gathered(in).data(), rows.starts.size(), depth, expected.data(), columns);
                    }
                    ASSERT_EQ(out, expected) << columns << " columns, runs of " << length;
                }
            }
        }
    });
}
