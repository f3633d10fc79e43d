// SPDX-License-Identifier: GPL-3.0-or-later
#include "keras/snake_case.h"

#include <gtest/gtest.h>

using namespace quantloupe;

TEST(snakeCase, isAsKerasWritesIt)
{
    // Made with keras.src.utils.naming.to_snake_case of Keras 3.15.
    EXPECT_EQ(snakeCase("Dense"), "dense");
    EXPECT_EQ(snakeCase("Conv2D"), "conv2d");
    EXPECT_EQ(snakeCase("Conv2DTranspose"), "conv2d_transpose");
    EXPECT_EQ(snakeCase("DepthwiseConv1D"), "depthwise_conv1d");
    EXPECT_EQ(snakeCase("BatchNormalization"), "batch_normalization");
    EXPECT_EQ(snakeCase("PReLU"), "p_re_lu");
    EXPECT_EQ(snakeCase("ReLU"), "re_lu");
    EXPECT_EQ(snakeCase("ELU"), "elu");
    EXPECT_EQ(snakeCase("LSTM"), "lstm");
    EXPECT_EQ(snakeCase("SimpleRNN"), "simple_rnn");
    EXPECT_EQ(snakeCase("GlobalAveragePooling1D"), "global_average_pooling1d");
    EXPECT_EQ(snakeCase("AbCdEf"), "ab_cd_ef");
    EXPECT_EQ(snakeCase("My.Own-Layer"), "my_own_layer");
    EXPECT_EQ(snakeCase(""), "");
}
