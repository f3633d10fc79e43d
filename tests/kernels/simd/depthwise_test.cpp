// SPDX-License-Identifier: GPL-3.0-or-later
//
// The vector code on every instruction set of this machine, against the plain loops it stands for.
#include "kernels/simd/depthwise.h"
#include "base/aligned_buffer.h"
#include "kernels/simd/every_target.h"
#include "kernels/simd/some_operands.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using namespace quantloupe::simd;
using namespace quantloupe::simd::test;

namespace {

/// Windows of all kinds: wide and narrow images, one column alone, strides, dilations, padding or none.
DepthwiseShape someShape(Random &random, std::size_t channels, std::size_t outputs)
{
    const auto axis = [&](bool isOne) {
        WindowAxis result;
        result.filter = isOne ? 1 : static_cast<int>(between(random, 1, 5));
        result.stride = static_cast<int>(between(random, 1, 2));
        result.dilation = static_cast<int>(between(random, 1, 2));
        result.padBefore = isOne ? 0 : static_cast<int>(between(random, 0, 2));
        result.input = isOne ? 1 : static_cast<int>(between(random, 4, 21));
        const int extent = (result.filter - 1) * result.dilation + 1;
        result.output = isOne ? 1 : between(random, 0, 2) == 0 && extent <= result.input ? (result.input - extent) / result.stride + 1 : result.input / result.stride;
        if (result.output != result.input / result.stride)
            result.padBefore = 0;
        return result;
    };
    const WindowAxis y = axis(false);
    return {{y, axis(between(random, 0, 3) == 0)}, channels, outputs};
}

/// The sum of one output element, in double or exactly.
template <typename Sum, typename In, typename Weight>
Sum windowSum(const DepthwiseShape &shape, const std::vector<In> &images, const std::vector<Weight> &weights, std::int32_t zeroPoint, std::size_t row, std::size_t c)
{
    const WindowAxis &y = shape.window.y;
    const WindowAxis &x = shape.window.x;
    const auto positions = static_cast<std::size_t>(shape.window.positions());
    const std::size_t image = row / positions * static_cast<std::size_t>(y.input * x.input) * shape.channels;
    const auto position = static_cast<int>(row % positions);
    Sum sum = 0;
    for (int fy = 0; fy < y.filter; ++fy) {
        for (int fx = 0; fx < x.filter; ++fx) {
            const int inY = y.origin(position / x.output) + fy * y.dilation;
            const int inX = x.origin(position % x.output) + fx * x.dilation;
            if (inY < 0 || inY >= y.input || inX < 0 || inX >= x.input)
                continue;
            const auto value = images[image + static_cast<std::size_t>(inY * x.input + inX) * shape.channels + c / (shape.outputs / shape.channels)];
            sum += (static_cast<Sum>(value) - static_cast<Sum>(zeroPoint)) * static_cast<Sum>(weights[static_cast<std::size_t>(fy * x.filter + fx) * shape.outputs + c]);
        }
    }
    return sum;
}

constexpr std::size_t kImages = 2;
const std::size_t kChannels[][2] = {{1, 1}, {3, 3}, {8, 8}, {16, 16}, {17, 17}, {40, 40}, {70, 70}, {120, 120}, {1, 8}, {1, 37}, {3, 6}, {8, 24}};

/// check(shape) for many windows of each number of channels.
template <typename Check> void forEachShape(Random &random, const Check &check)
{
    for (const auto &[channels, outputs] : kChannels) {
        for (int again = 0; again < 6; ++again) {
            const DepthwiseShape shape = someShape(random, channels, outputs);
            ASSERT_TRUE(shape.isSupported());
            check(shape);
        }
    }
}

std::size_t imageElements(const DepthwiseShape &shape)
{
    return static_cast<std::size_t>(shape.window.y.input * shape.window.x.input) * shape.channels;
}

template <typename Code> void expectDepthwise(DataType type, std::int64_t largestWeight, int largestExponent)
{
    Random random(8);
    const IntegerRange range = integerRange(type);
    forEachShape(random, [&](const DepthwiseShape &shape) {
        const auto zeroPoint = static_cast<std::int32_t>(type == DataType::Int16 ? 0 : between(random, range.min, range.max));
        const auto images = integers<Code>(random, kImages * imageElements(shape), range.min, range.max);
        const auto weights = integers<std::int16_t>(random, shape.taps() * shape.outputs, -largestWeight, largestWeight);
        const auto bias = integers<std::int64_t>(random, shape.outputs, -3000, 3000);
        const CodeScaling toCodes = scaling(random, shape.outputs, type, CodeScaling::Rounding::FixedPoint, largestExponent);
        std::vector<Code> out(kImages * static_cast<std::size_t>(shape.window.positions()) * shape.outputs);
        const CodeDepthwise kernel(shape, weights, type, zeroPoint, bias, toCodes);
        const AlignedBuffer scratch(kernel.scratchBytes());
        kernel.convolve(images.data(), kImages, out.data(), scratch.data());
        for (std::size_t i = 0; i < out.size(); ++i) {
            const auto sum = windowSum<std::int64_t>(shape, images, weights, zeroPoint, i / shape.outputs, i % shape.outputs) + bias[i % shape.outputs];
            ASSERT_EQ(out[i], expectedCode(toCodes, i % shape.outputs, static_cast<std::int32_t>(sum))) << shape.channels << " to " << shape.outputs << " channels, element " << i;
        }
    });
}

} // namespace

TEST(CodeDepthwise, int8IsExact)
{
    quantloupe::test::onEveryTarget([] {
        expectDepthwise<std::int8_t>(DataType::Int8, 127, 3);
        expectDepthwise<std::int8_t>(DataType::Int8, 127, -4);
    });
}

TEST(CodeDepthwise, uint8IsExact)
{
    quantloupe::test::onEveryTarget([] { expectDepthwise<std::uint8_t>(DataType::UInt8, 255, 3); });
}

TEST(CodeDepthwise, int16IsExact)
{
    quantloupe::test::onEveryTarget([] { expectDepthwise<std::int16_t>(DataType::Int16, 127, 3); });
}

TEST(FloatDepthwise, isTheReferencesWithinRounding)
{
    quantloupe::test::onEveryTarget([] {
        Random random(9);
        forEachShape(random, [&](const DepthwiseShape &shape) {
            const auto images = reals(random, kImages * imageElements(shape));
            const auto weights = reals(random, shape.taps() * shape.outputs);
            const auto bias = reals(random, shape.outputs);
            std::vector<float> out(kImages * static_cast<std::size_t>(shape.window.positions()) * shape.outputs);
            const FloatDepthwise kernel(shape, weights, bias, {-3.0f, 6.0f});
            const AlignedBuffer scratch(kernel.scratchBytes());
            kernel.convolve(images.data(), kImages, out.data(), scratch.data());
            for (std::size_t i = 0; i < out.size(); ++i) {
                const double sum = windowSum<double>(shape, images, weights, 0, i / shape.outputs, i % shape.outputs) + static_cast<double>(bias[i % shape.outputs]);
                ASSERT_NEAR(out[i], std::clamp(sum, -3.0, 6.0), 2e-5) << shape.channels << " to " << shape.outputs << " channels, element " << i;
            }
        });
    });
}

TEST(DepthwiseShape, padsThatFillTheMemoryAreLeftToOthers)
{
    const WindowAxis wide{.input = 1 << 20, .output = 1 << 20, .filter = 3, .stride = 1, .dilation = 1 << 20, .padBefore = 1 << 20};
    const WindowAxis one{.input = 1, .output = 1, .filter = 1, .stride = 1, .dilation = 1, .padBefore = 0};
    EXPECT_FALSE((DepthwiseShape{{wide, wide}, 8, 8}.isSupported()));
    EXPECT_TRUE((DepthwiseShape{{wide, one}, 1, 1}.isSupported()));
}
