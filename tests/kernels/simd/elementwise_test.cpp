// SPDX-License-Identifier: GPL-3.0-or-later
//
// The vector code on every instruction set of this machine, against the fixed-point arithmetic it stands for.
#include "kernels/simd/elementwise.h"
#include "kernels/simd/every_target.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace quantloupe;
using namespace quantloupe::simd;

namespace {

using Random = std::mt19937; // with fixed seeds: a test says one thing every time

const std::size_t kCounts[] = {1, 3, 16, 17, 100};

template <typename Code> std::vector<Code> codes(Random &random, std::size_t count)
{
    std::vector<Code> values(count);
    for (Code &value : values)
        value = static_cast<Code>(random());
    return values;
}

CommonScale someScale(int leftShift, CodeClamp clamp)
{
    CommonScale scale;
    scale.leftShift = leftShift;
    scale.zeroPointA = 3;
    scale.zeroPointB = -7;
    scale.zeroPointOut = 5;
    scale.a = fixed_point::multiplierOf(0.5);
    scale.b = fixed_point::multiplierOf(0.31);
    scale.out = fixed_point::multiplierOf(1.7 / static_cast<double>(1 << leftShift));
    scale.clamp = clamp;
    return scale;
}

template <typename Code> void expectCombined(int leftShift, CodeClamp clamp)
{
    Random random(2);
    const CommonScale scale = someScale(leftShift, clamp);
    for (const std::size_t count : kCounts) {
        for (const bool isOne : {false, true}) {
            const auto a = codes<Code>(random, count);
            const auto b = codes<Code>(random, count);
            for (const Combination combination : {Combination::Sum, Combination::Difference}) {
                std::vector<Code> out(count);
                combineCodes<Code>(scale, combination, {a.data(), false}, {b.data(), isOne}, count, out.data());
                for (std::size_t i = 0; i < count; ++i) {
                    const std::int32_t left = scale.scaledA(a[i]);
                    const std::int32_t right = scale.scaledB(b[isOne ? 0 : i]);
                    ASSERT_EQ(out[i], scale.code(combination == Combination::Sum ? left + right : left - right)) << "element " << i << " of " << count;
                }
            }
        }
    }
}

} // namespace

TEST(combineCodes, isExactForEveryType)
{
    test::onEveryTarget([] {
        expectCombined<std::int8_t>(20, {-128, 127});
        expectCombined<std::uint8_t>(20, {10, 240});
        expectCombined<std::int16_t>(15 - 1, {-32768, 32767});
    });
}

TEST(combineCodes, squaresDifferences)
{
    test::onEveryTarget([] {
        Random random(4);
        const CommonScale scale = someScale(7, {-128, 127});
        const auto a = codes<std::int8_t>(random, 50);
        const auto b = codes<std::int8_t>(random, 50);
        std::vector<std::int8_t> out(50);
        combineCodes<std::int8_t>(scale, Combination::SquaredDifference, {a.data(), false}, {b.data(), false}, 50, out.data());
        for (std::size_t i = 0; i < 50; ++i) {
            const std::int32_t difference = scale.scaledA(a[i]) - scale.scaledB(b[i]);
            ASSERT_EQ(out[i], scale.code(difference * difference));
        }
    });
}

TEST(multiplyCodes, isExact)
{
    test::onEveryTarget([] {
        Random random(5);
        for (const double factor : {0.003, 0.9, 2.5}) {
            const ProductScale scale{4, -9, 2, fixed_point::multiplierOf(factor), {-128, 127}};
            for (const std::size_t count : kCounts) {
                const auto a = codes<std::int8_t>(random, count);
                const auto b = codes<std::int8_t>(random, count);
                std::vector<std::int8_t> out(count);
                multiplyCodes<std::int8_t>(scale, {a.data(), true}, {b.data(), false}, count, out.data());
                for (std::size_t i = 0; i < count; ++i)
                    ASSERT_EQ(out[i], scale.clamp(fixed_point::multiply((a[0] - 4) * (b[i] + 9), scale.multiplier) + 2));
            }
        }
    });
}

TEST(combineFloats, isTheSameOnEveryTarget)
{
    test::onEveryTarget([] {
        for (const std::size_t count : kCounts) {
            std::vector<float> a(count), b(count), out(count);
            for (std::size_t i = 0; i < count; ++i) {
                a[i] = static_cast<float>(i) * 0.37f - 5.0f;
                b[i] = 3.0f - static_cast<float>(i) * 0.11f;
            }
            combineFloats(Arithmetic::Product, {-10.0f, 6.0f}, {a.data(), false}, {b.data(), false}, count, out.data());
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(out[i], std::min(std::max(a[i] * b[i], -10.0f), 6.0f));
            combineFloats(Arithmetic::Difference, {-10.0f, 6.0f}, {a.data(), false}, {b.data(), true}, count, out.data());
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(out[i], std::min(std::max(a[i] - b[0], -10.0f), 6.0f));
        }
    });
}

TEST(repetition, findsTheEndOfTheOtherShape)
{
    EXPECT_EQ(repetition({2, 3, 4}, {2, 3, 4})->length, 24u);
    EXPECT_EQ(repetition({2, 3, 4}, {1, 4})->runs, 6u);
    EXPECT_EQ(repetition({2, 3, 4}, {3, 4})->length, 12u);
    EXPECT_TRUE(repetition({2, 3, 4}, {1})->isOne);
    EXPECT_FALSE(repetition({2, 3, 4}, {2, 3, 1})) << "the last axis is stretched";
    EXPECT_FALSE(repetition({4}, {1, 1, 4})) << "the result has the longer shape";
    EXPECT_FALSE(repetition({3, 4}, {0, 4}));
}
