// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::long_tail_advice {
namespace {

std::vector<Finding> adviceOn(const std::function<std::uint64_t(int)> &count) { return adviceOnCodes("long-tail", count); }

} // namespace

TEST(long_tail, firesOnAFewFarNegativeValues)
{
    const auto advice = adviceOn([](int code) { return std::uint64_t(code == 0 ? 10 : code >= 200 ? 100 : 0); });
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].title.find("negative"), std::string::npos) << advice[0].title;
    EXPECT_NE(advice[0].evidence.find("78 %"), std::string::npos) << advice[0].evidence;
}

TEST(long_tail, saysWhichSide)
{
    const auto advice = adviceOn([](int code) { return std::uint64_t(code == 255 ? 10 : code < 56 ? 100 : 0); });
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_NE(advice[0].title.find("positive"), std::string::npos) << advice[0].title;
}

TEST(long_tail, isSilentOnAnEvenUseAndOnTwoEnds)
{
    EXPECT_TRUE(adviceOn([](int) { return std::uint64_t(50); }).empty());
    EXPECT_TRUE(adviceOn([](int code) { return std::uint64_t(code == 0 || code == 255 ? 1000 : 1); }).empty()) << "a sigmoid that is sure";
}

} // namespace quantloupe::test::long_tail_advice
