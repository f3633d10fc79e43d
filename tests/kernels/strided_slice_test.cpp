// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/golden.h"
#include "support/operator_probe.h"

#include <gtest/gtest.h>
#include <limits>

using namespace quantloupe;
using quantloupe::test::OperatorProbe;
using quantloupe::test::says;

QL_GOLDEN_TESTS(strided_slice)

namespace {

OperatorProbe slice(const Shape &shape, const std::vector<std::int32_t> &begin, const std::vector<std::int32_t> &end, const std::vector<std::int32_t> &strides)
{
    const auto count = static_cast<std::int32_t>(begin.size());
    OperatorProbe probe("STRIDED_SLICE");
    probe.input(shape).constant<std::int32_t>({count}, begin).constant<std::int32_t>({count}, end).constant<std::int32_t>({count}, strides).output({1});
    return probe;
}

} // namespace

TEST(strided_slice, refusesAStrideOf0)
{
    EXPECT_TRUE(says(slice({4}, {0}, {4}, {0}).complaint(), "strides other than 0"));
}

TEST(strided_slice, refusesMoreIndicesThanAxes)
{
    EXPECT_TRUE(says(slice({4}, {0, 0}, {4, 4}, {1, 1}).complaint(), "at most 1 indices"));
}

TEST(strided_slice, refusesASingleIndexOutside)
{
    EXPECT_TRUE(says(slice({4}, {4}, {5}, {1}).option("shrink_axis_mask", std::int64_t{1}).complaint(), "an index within 4 elements"));
}

TEST(strided_slice, clampsFarEndsAndStrides)
{
    constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
    constexpr auto kLeast = std::numeric_limits<std::int32_t>::min();
    EXPECT_EQ(slice({4}, {kLeast}, {kMost}, {kMost}).run<float>({{1, 2, 3, 4}}).value(), (std::vector<float>{1}));
    EXPECT_EQ(slice({4}, {kMost}, {kLeast}, {kLeast}).run<float>({{1, 2, 3, 4}}).value(), (std::vector<float>{4}));
}

TEST(strided_slice, mayPickNothing)
{
    EXPECT_EQ(slice({4}, {3}, {1}, {1}).run<float>({{1, 2, 3, 4}}).value(), std::vector<float>{});
}

TEST(strided_slice, countsEndsFromBeginsWithTheOffsetOption)
{
    EXPECT_EQ(slice({5}, {1}, {3}, {1}).option("offset", std::int64_t{1}).run<float>({{1, 2, 3, 4, 5}}).value(), (std::vector<float>{2, 3, 4}));
}
