// SPDX-License-Identifier: GPL-3.0-or-later
//
// The functions of gates on every instruction set of this machine: codes against fixed_point, all of them; floats against
// the standard library.
#include "kernels/simd/gates.h"
#include "kernels/fixed_point.h"
#include "kernels/simd/every_target.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <vector>

using namespace quantloupe;

namespace {

std::vector<std::int16_t> allCodes()
{
    std::vector<std::int16_t> codes(65536);
    std::iota(codes.begin(), codes.end(), std::int16_t{-32768});
    return codes;
}

/// From large to small, 0 and what is no number; not a whole number of vectors.
std::vector<float> someReals()
{
    std::vector<float> values{0.0f, -0.0f, 1e-30f, -1e-30f, 90.0f, -90.0f, 1e30f, -1e30f, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()};
    for (int i = -1000; i <= 1000; ++i)
        values.push_back(static_cast<float>(i) / 61.0f);
    return values;
}

} // namespace

TEST(gates, logisticOfEveryCodeIsExact)
{
    test::onEveryTarget([] {
        const auto in = allCodes();
        std::vector<std::int16_t> out(in.size());
        for (int integerBits = 0; integerBits <= 6; ++integerBits) {
            simd::logistic(in.data(), integerBits, in.size(), out.data());
            for (std::size_t i = 0; i < in.size(); ++i)
                ASSERT_EQ(out[i], fixed_point::logistic(in[i], integerBits)) << in[i] << " with " << integerBits << " integer bits";
        }
    });
}

TEST(gates, tanhOfEveryCodeIsExact)
{
    test::onEveryTarget([] {
        const auto in = allCodes();
        std::vector<std::int16_t> out(in.size());
        for (int integerBits = 0; integerBits <= 6; ++integerBits) {
            simd::tanh(in.data(), integerBits, in.size(), out.data());
            for (std::size_t i = 0; i < in.size(); ++i)
                ASSERT_EQ(out[i], fixed_point::tanh(in[i], integerBits)) << in[i] << " with " << integerBits << " integer bits";
        }
    });
}

TEST(gates, theRestOfARunIsComputedAndNothingBehindItIsWritten)
{
    test::onEveryTarget([] {
        for (std::size_t count = 0; count < 70; ++count) {
            const std::vector<std::int16_t> in(count, 1234);
            std::vector<std::int16_t> out(count + 1, 99);
            simd::tanh(in.data(), 3, count, out.data());
            for (std::size_t i = 0; i < count; ++i)
                ASSERT_EQ(out[i], fixed_point::tanh(std::int16_t{1234}, 3));
            ASSERT_EQ(out[count], 99);
        }
    });
}

TEST(gates, logisticOfFloatsIsTheLibrarysWithinRounding)
{
    test::onEveryTarget([] {
        const auto in = someReals();
        std::vector<float> out(in.size());
        simd::logistic(in.data(), in.size(), out.data());
        for (std::size_t i = 0; i < in.size(); ++i) {
            const double expected = 1.0 / (1.0 + std::exp(-static_cast<double>(in[i])));
            ASSERT_NEAR(out[i], expected, 1e-6 * expected + 1e-38) << in[i];
        }
    });
}

TEST(gates, tanhOfFloatsIsTheLibrarysWithinRounding)
{
    test::onEveryTarget([] {
        const auto in = someReals();
        std::vector<float> out(in.size());
        simd::tanh(in.data(), in.size(), out.data());
        for (std::size_t i = 0; i < in.size(); ++i) {
            const double expected = std::tanh(static_cast<double>(in[i]));
            ASSERT_NEAR(out[i], expected, 1e-6 * std::abs(expected)) << in[i];
        }
    });
}

TEST(gates, nanComesThrough)
{
    test::onEveryTarget([] {
        const float in = std::nanf("");
        float out = 0.0f;
        simd::logistic(&in, 1, &out);
        EXPECT_TRUE(std::isnan(out));
        simd::tanh(&in, 1, &out);
        EXPECT_TRUE(std::isnan(out));
    });
}
