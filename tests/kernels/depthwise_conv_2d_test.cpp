// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;

QL_GOLDEN_TESTS(depthwise_conv_2d)

TEST(depthwise_conv_2d, tapsFarBeyondTheImageContributeNothing)
{
    // Rows with their padding would fill the memory: only the middle of the window lies on the image.
    std::vector<float> filter(18, 100.0f);
    filter[8] = 2.0f;
    filter[9] = -1.0f;
    test::OperatorProbe probe("DEPTHWISE_CONV_2D");
    probe.input({1, 1, 2, 2}).constant<float>({1, 3, 3, 2}, filter).output({1, 1, 2, 2});
    for (const char *const name : {"dilation_h_factor", "dilation_w_factor"})
        probe.option(name, std::int64_t{1 << 20});
    for (const char *const name : {"stride_h", "stride_w"})
        probe.option(name, std::int64_t{1});
    probe.option("padding", std::int64_t{0});
    EXPECT_EQ(probe.run<float>({{1.0f, 2.0f, 3.0f, 4.0f}}), (std::vector<float>{2, -2, 6, -4}));
}
