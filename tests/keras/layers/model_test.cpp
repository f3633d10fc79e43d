// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/keras_golden.h"

#include <gtest/gtest.h>

namespace quantloupe {

TEST(KerasModels, equalKeras)
{
    golden::expectEqualLayers("model");
}

TEST(KerasModels, ofKeras3InBothContainersEqualKeras)
{
    golden::expectEqualLayers("keras3");
}

} // namespace quantloupe
