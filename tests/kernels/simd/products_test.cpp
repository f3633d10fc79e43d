// SPDX-License-Identifier: GPL-3.0-or-later
//
// The vector code on every instruction set of this machine, against the plain loops it stands for.
#include "kernels/simd/products.h"
#include "kernels/simd/every_target.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

using namespace quantloupe;
using namespace quantloupe::simd;

namespace {

using Random = std::mt19937; // with fixed seeds: a test says one thing every time

std::int64_t between(Random &random, std::int64_t low, std::int64_t high)
{
    return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}

template <typename T> std::vector<T> integers(Random &random, std::size_t count, std::int64_t low, std::int64_t high)
{
    std::vector<T> values(count);
    for (T &value : values)
        value = static_cast<T>(between(random, low, high));
    return values;
}

std::vector<float> reals(Random &random, std::size_t count)
{
    std::vector<float> values(count);
    for (float &value : values)
        value = static_cast<float>(between(random, -1000, 1000)) / 500.0f;
    return values;
}

struct Size {
    std::size_t rows, columns, depth;
};
const Size kSizes[] = {{1, 1, 1}, {3, 5, 7}, {9, 16, 4}, {17, 17, 27}, {8, 32, 64}, {5, 33, 30}, {33, 48, 65}, {2, 70, 300}, {4, 9, 1025}};

CodeScaling scaling(Random &random, std::size_t columns, DataType type, CodeScaling::Rounding rounding)
{
    const IntegerRange range = integerRange(type);
    CodeScaling result;
    result.rounding = rounding;
    result.type = type;
    result.zeroPoint = static_cast<std::int32_t>(between(random, -20, 20)) + (type == DataType::UInt8 ? 128 : 0);
    result.clamp = {static_cast<std::int32_t>(range.min), static_cast<std::int32_t>(range.max)};
    for (std::size_t c = 0; c < columns; ++c) {
        // From factors that shift left to those that leave nothing.
        const double factor = std::ldexp(1.0 + static_cast<double>(between(random, 0, 999)) / 1000.0, static_cast<int>(between(random, -34, 3)));
        result.factors.push_back(factor);
        result.multipliers.push_back(fixed_point::multiplierOf(factor));
    }
    return result;
}

std::int64_t expectedCode(const CodeScaling &scaling, std::size_t channel, std::int32_t sum)
{
    if (scaling.rounding == CodeScaling::Rounding::InDouble) {
        const double steps = std::round(static_cast<double>(sum) * scaling.factors[channel]) + scaling.zeroPoint;
        return scaling.clamp(static_cast<std::int32_t>(std::clamp(steps, -2147483648.0, 2147483647.0)));
    }
    return Requantizer{scaling.multipliers, scaling.zeroPoint, scaling.clamp}(sum, channel);
}

template <typename Code> void expectProducts(DataType type, std::int64_t lowestWeight, std::int64_t highestWeight, CodeScaling::Rounding rounding)
{
    Random random(3);
    const IntegerRange range = integerRange(type);
    for (const auto &[rows, columns, depth] : kSizes) {
        const auto zeroPoint = static_cast<std::int32_t>(type == DataType::Int16 ? 0 : between(random, range.min, range.max));
        const auto weights = integers<std::int16_t>(random, columns * depth, lowestWeight, highestWeight);
        const auto bias = integers<std::int64_t>(random, columns, -30000, 30000);
        const auto codes = integers<Code>(random, rows * depth, range.min, range.max);
        const CodeScaling toCodes = scaling(random, columns, type, rounding);
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
    test::onEveryTarget([] { expectProducts<std::int8_t>(DataType::Int8, -128, 127, CodeScaling::Rounding::FixedPoint); });
}

TEST(CodeWeights, productsRoundedInDoubleAreExact)
{
    test::onEveryTarget([] { expectProducts<std::int8_t>(DataType::Int8, -127, 127, CodeScaling::Rounding::InDouble); });
}

TEST(CodeWeights, uint8ProductsOfNineBitWeightsAreExact)
{
    test::onEveryTarget([] { expectProducts<std::uint8_t>(DataType::UInt8, -255, 255, CodeScaling::Rounding::FixedPoint); });
}

TEST(CodeWeights, int16ProductsWrapAt32Bits)
{
    test::onEveryTarget([] { expectProducts<std::int16_t>(DataType::Int16, -127, 127, CodeScaling::Rounding::FixedPoint); });
}

TEST(CodeWeights, wideSumsDoNotWrap)
{
    test::onEveryTarget([] {
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
    test::onEveryTarget([] {
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
    test::onEveryTarget([] {
        const std::vector<float> weights{1.0f, 1.0f};
        const std::vector<float> bias{0.0f, 0.0f};
        const float in = std::nanf("");
        std::vector<float> out(2);
        FloatWeights(weights, 2, 1, bias, {0.0f, 6.0f}).multiply(&in, 1, 1, out.data(), 2);
        EXPECT_TRUE(std::isnan(out[0]));
        EXPECT_TRUE(std::isnan(out[1]));
    });
}

namespace {

DepthwiseShape depthwise(Random &random, std::size_t channels, std::size_t outputs)
{
    const auto axis = [&] {
        WindowAxis result;
        result.filter = static_cast<int>(between(random, 1, 5));
        result.stride = static_cast<int>(between(random, 1, 2));
        result.dilation = static_cast<int>(between(random, 1, 2));
        result.padBefore = static_cast<int>(between(random, 0, 2));
        result.input = static_cast<int>(between(random, 4, 9));
        result.output = result.input / result.stride;
        return result;
    };
    return {{axis(), axis()}, channels, outputs};
}

/// The sum of one output element, in double or exactly.
template <typename Sum, typename In, typename Weight>
Sum windowSum(const DepthwiseShape &shape, const std::vector<In> &image, const std::vector<Weight> &weights, std::int32_t zeroPoint, std::size_t position, std::size_t c)
{
    const WindowAxis &y = shape.window.y;
    const WindowAxis &x = shape.window.x;
    Sum sum = 0;
    for (int fy = 0; fy < y.filter; ++fy) {
        for (int fx = 0; fx < x.filter; ++fx) {
            const int inY = y.origin(static_cast<int>(position) / x.output) + fy * y.dilation;
            const int inX = x.origin(static_cast<int>(position) % x.output) + fx * x.dilation;
            if (inY < 0 || inY >= y.input || inX < 0 || inX >= x.input)
                continue;
            const auto value = image[static_cast<std::size_t>(inY * x.input + inX) * shape.channels + (shape.channels == 1 ? 0 : c)];
            sum += (static_cast<Sum>(value) - static_cast<Sum>(zeroPoint)) * static_cast<Sum>(weights[static_cast<std::size_t>(fy * x.filter + fx) * shape.outputs + c]);
        }
    }
    return sum;
}

const std::size_t kChannels[][2] = {{1, 1}, {3, 3}, {8, 8}, {16, 16}, {17, 17}, {40, 40}, {70, 70}, {1, 8}, {1, 37}};

template <typename Code> void expectDepthwise(DataType type, std::int64_t largestWeight)
{
    Random random(8);
    const IntegerRange range = integerRange(type);
    for (const auto &[channels, outputs] : kChannels) {
        const DepthwiseShape shape = depthwise(random, channels, outputs);
        ASSERT_TRUE(shape.isSupported());
        const auto zeroPoint = static_cast<std::int32_t>(type == DataType::Int16 ? 0 : between(random, range.min, range.max));
        const auto image = integers<Code>(random, static_cast<std::size_t>(shape.window.y.input * shape.window.x.input) * channels, range.min, range.max);
        const auto weights = integers<std::int16_t>(random, shape.taps() * outputs, -largestWeight, largestWeight);
        const auto bias = integers<std::int64_t>(random, outputs, -3000, 3000);
        const CodeScaling toCodes = scaling(random, outputs, type, CodeScaling::Rounding::FixedPoint);
        std::vector<Code> out(static_cast<std::size_t>(shape.window.positions()) * outputs);
        CodeDepthwise(shape, weights, type, zeroPoint, bias, toCodes).convolve(image.data(), out.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
            const auto sum = windowSum<std::int64_t>(shape, image, weights, zeroPoint, i / outputs, i % outputs) + bias[i % outputs];
            ASSERT_EQ(out[i], expectedCode(toCodes, i % outputs, static_cast<std::int32_t>(sum))) << channels << " to " << outputs << " channels, element " << i;
        }
    }
}

} // namespace

TEST(CodeDepthwise, int8IsExact)
{
    test::onEveryTarget([] { expectDepthwise<std::int8_t>(DataType::Int8, 127); });
}

TEST(CodeDepthwise, uint8IsExact)
{
    test::onEveryTarget([] { expectDepthwise<std::uint8_t>(DataType::UInt8, 255); });
}

TEST(CodeDepthwise, int16IsExact)
{
    test::onEveryTarget([] { expectDepthwise<std::int16_t>(DataType::Int16, 127); });
}

TEST(FloatDepthwise, isTheReferencesWithinRounding)
{
    test::onEveryTarget([] {
        Random random(9);
        for (const auto &[channels, outputs] : kChannels) {
            const DepthwiseShape shape = depthwise(random, channels, outputs);
            const auto image = reals(random, static_cast<std::size_t>(shape.window.y.input * shape.window.x.input) * channels);
            const auto weights = reals(random, shape.taps() * outputs);
            const auto bias = reals(random, outputs);
            std::vector<float> out(static_cast<std::size_t>(shape.window.positions()) * outputs);
            FloatDepthwise(shape, weights, bias, {-3.0f, 6.0f}).convolve(image.data(), out.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                const double sum = windowSum<double>(shape, image, weights, 0, i / outputs, i % outputs) + static_cast<double>(bias[i % outputs]);
                ASSERT_NEAR(out[i], std::clamp(sum, -3.0, 6.0), 1e-5) << channels << " to " << outputs << " channels, element " << i;
            }
        }
    });
}

TEST(dotProducts, areExactAndWrap)
{
    test::onEveryTarget([] {
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
    test::onEveryTarget([] {
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
