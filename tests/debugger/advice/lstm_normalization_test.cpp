// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/advice_case.h"

#include <gtest/gtest.h>

namespace quantloupe::test::lstm_normalization_advice {
namespace {

std::vector<Finding> adviceOn(const char *op, double rmseOverScale, DataType type = DataType::Int8) { return adviceOnOperator("lstm-normalization", op, rmseOverScale, type); }

} // namespace

TEST(lstm_normalization, firesOnARecurrentOutlier)
{
    const auto advice = adviceOn("UNIDIRECTIONAL_SEQUENCE_LSTM", 0.52);
    ASSERT_EQ(advice.size(), 1u);
    EXPECT_EQ(advice[0].op, OperatorIndex(0));
    EXPECT_NE(advice[0].evidence.find("0.52"), std::string::npos) << advice[0].evidence;
    EXPECT_EQ(adviceOn("SVDF", 0.9).size(), 1u);
}

TEST(lstm_normalization, isSilentOnAGoodOneOnOthersAndOnInt16)
{
    EXPECT_TRUE(adviceOn("UNIDIRECTIONAL_SEQUENCE_LSTM", 0.3).empty());
    EXPECT_TRUE(adviceOn("CONV_2D", 0.9).empty());
    EXPECT_TRUE(adviceOn("UNIDIRECTIONAL_SEQUENCE_LSTM", 0.9, DataType::Int16).empty());
}

} // namespace quantloupe::test::lstm_normalization_advice
