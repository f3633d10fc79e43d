// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::unused_range_advice {
namespace {

std::vector<Finding> adviceOn(const std::function<std::uint64_t(int)> &count) { return adviceOnCodes("unused-range", count); }

} // namespace

TEST(unused_range, firesWhereLessThanHalfOfTheCodesAreUsed)
{
    const auto advice = adviceOn([](int code) { return std::uint64_t(code >= 100 && code < 200 ? 50 : 0); });
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].evidence.find("100 of 256 codes, 39 %"), std::string::npos) << advice[0].evidence;
}

TEST(unused_range, isSilentOnAWellUsedRange)
{
    EXPECT_TRUE(adviceOn([](int code) { return std::uint64_t(code < 140 ? 50 : 0); }).empty());
}

TEST(unused_range, isSilentOnFewValuesAndOnConstants)
{
    EXPECT_TRUE(adviceOn([](int code) { return std::uint64_t(code >= 100 && code < 200 ? 5 : 0); }).empty());
    EXPECT_TRUE(adviceOn([](int code) { return std::uint64_t(code == 7 ? 5000 : 0); }).empty());
}

} // namespace quantloupe::test::unused_range_advice
