// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;

QL_GOLDEN_TESTS(conv_2d)

namespace {

/// SAME, with taps so far apart that the padded image would be many times the image.
test::OperatorProbe &farApart(test::OperatorProbe &probe)
{
    for (const char *const name : {"dilation_h_factor", "dilation_w_factor"})
        probe.option(name, std::int64_t{3000});
    for (const char *const name : {"stride_h", "stride_w"})
        probe.option(name, std::int64_t{1});
    return probe.option("padding", std::int64_t{0});
}

} // namespace

TEST(conv_2d, tapsFarBeyondTheImageContributeNothing)
{
    // One channel to two outputs; only the middle of the window lies on the image.
    std::vector<float> filter(18, 100.0f);
    filter[4] = 2.0f;
    filter[13] = -1.0f;
    test::OperatorProbe probe("CONV_2D");
    probe.input({1, 2, 2, 1}).constant<float>({2, 3, 3, 1}, filter).output({1, 2, 2, 2});
    EXPECT_EQ(farApart(probe).run<float>({{1.0f, 2.0f, 3.0f, 4.0f}}), (std::vector<float>{2, -1, 4, -2, 6, -3, 8, -4}));
}

TEST(conv_2d, codesOfTapsFarBeyondTheImageContributeNothing)
{
    std::vector<std::int8_t> filter(18, 100);
    filter[4] = 2;
    filter[13] = -1;
    test::OperatorProbe probe("CONV_2D");
    probe.input({1, 2, 2, 1}, DataType::Int8).quantized(1.0f, 5).constant<std::int8_t>({2, 3, 3, 1}, filter).quantized(1.0f).output({1, 2, 2, 2}, DataType::Int8).quantized(1.0f, -3);
    EXPECT_EQ(farApart(probe).run<std::int8_t>({{6, 7, 8, 9}}), (std::vector<std::int8_t>{-1, -4, 1, -5, 3, -6, 5, -7}));
}

TEST(conv_2d, groupsWithWeightsOfNineBitsBesideOthersOfEight)
{
    // Two groups of one channel; the weights' zero point takes the second's beyond a byte.
    test::OperatorProbe probe("CONV_2D");
    probe.input({1, 1, 1, 2}, DataType::Int8).quantized(1.0f).constant<std::int8_t>({2, 1, 1, 1}, {-100, 127}).quantized(1.0f, -100).output({1, 1, 1, 2}, DataType::Int8).quantized(4.0f);
    for (const char *const name : {"stride_h", "stride_w"})
        probe.option(name, std::int64_t{1});
    probe.option("padding", std::int64_t{0});
    EXPECT_EQ(probe.run<std::int8_t>({{50, 2}}), (std::vector<std::int8_t>{0, 114})); // 227 * 2 / 4 = 113.5
}
