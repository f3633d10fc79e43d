// SPDX-License-Identifier: GPL-3.0-or-later
//
// Quantizing on every instruction set of this machine, against what the standard library rounds.
#include "kernels/simd/rounding.h"
#include "kernels/simd/every_target.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

using namespace quantloupe;

namespace {

/// Ties, their neighbours, what an int32 does not hold, and what is no number.
std::vector<float> someReals()
{
    std::vector<float> values{0.0f, -0.0f, 1e30f, -1e30f, 2147483648.0f, -2147483648.0f, 8388607.5f, std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(), std::nanf("")};
    for (int i = -300; i <= 300; ++i) {
        const float tie = static_cast<float>(i) + 0.5f;
        values.insert(values.end(), {tie, std::nextafter(tie, -1000.0f), std::nextafter(tie, 1000.0f)});
    }
    std::mt19937 random(5);
    for (int i = 0; i < 1000; ++i)
        values.push_back(std::ldexp(static_cast<float>(random()) / 4294967296.0f - 0.5f, static_cast<int>(random() % 40)));
    return values;
}

template <typename Code> void expectCodes(float scale, std::int32_t zeroPoint)
{
    const CodeClamp clamp{std::numeric_limits<Code>::min(), std::numeric_limits<Code>::max()};
    const auto in = someReals();
    std::vector<Code> out(in.size());
    simd::quantize(in.data(), in.size(), scale, zeroPoint, clamp, out.data());
    for (std::size_t i = 0; i < in.size(); ++i) {
        const float rounded = std::round(in[i] / scale);
        const bool fits = rounded >= -2147483648.0f && rounded < 2147483648.0f;
        const std::int32_t steps = fits ? static_cast<std::int32_t>(rounded) : std::numeric_limits<std::int32_t>::min();
        ASSERT_EQ(out[i], static_cast<Code>(clamp(static_cast<std::int32_t>(static_cast<std::uint32_t>(steps) + static_cast<std::uint32_t>(zeroPoint))))) << in[i] << " by " << scale;
    }
}

} // namespace

TEST(quantize, roundsHalfAwayFromZero)
{
    test::onEveryTarget([] {
        for (const float scale : {1.0f, 0.1f, 0.5f, 3e-5f}) {
            expectCodes<std::int8_t>(scale, -7);
            expectCodes<std::uint8_t>(scale, 128);
            expectCodes<std::int16_t>(scale, 0);
            expectCodes<std::int32_t>(scale, 0);
        }
    });
}
