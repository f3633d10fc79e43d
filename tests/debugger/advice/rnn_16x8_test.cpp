// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::rnn_16x8_advice {
namespace {

std::vector<Finding> adviceOn(const char *op, double rmseOverScale, DataType type = DataType::Int8) { return adviceOnOperator("rnn-16x8", op, rmseOverScale, type); }

} // namespace

TEST(rnn_16x8, firesOnARecurrentOutlier)
{
    const auto advice = adviceOn("UNIDIRECTIONAL_SEQUENCE_LSTM", 0.52);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_EQ(advice[0].op, OperatorIndex(0));
    EXPECT_NE(advice[0].evidence.find("0.52"), std::string::npos) << advice[0].evidence;
    EXPECT_EQ(adviceOn("SVDF", 0.9).size(), 1u);
}

TEST(rnn_16x8, isSilentOnAGoodOneOnOthersAndOnInt16)
{
    EXPECT_TRUE(adviceOn("UNIDIRECTIONAL_SEQUENCE_LSTM", 0.3).empty());
    EXPECT_TRUE(adviceOn("CONV_2D", 0.9).empty());
    EXPECT_TRUE(adviceOn("UNIDIRECTIONAL_SEQUENCE_LSTM", 0.9, DataType::Int16).empty());
}

} // namespace quantloupe::test::rnn_16x8_advice
