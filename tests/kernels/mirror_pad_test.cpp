// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(mirror_pad)

TEST(mirror_pad, refusesToMirrorMoreThanThereIs)
{
    const auto complaint = [](std::int64_t mode, std::int32_t before) {
        return OperatorProbe("MIRROR_PAD").input({3}).constant<std::int32_t>({1, 2}, {before, 0}).output({5}).option("mode", mode).complaint();
    };
    EXPECT_TRUE(says(complaint(0, 3), "at most 2 mirrored elements"));
    EXPECT_TRUE(says(complaint(1, 4), "at most 3 mirrored elements"));
    EXPECT_EQ(complaint(1, 3), "");
}
