// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/keras_golden.h"

#include <gtest/gtest.h>

namespace quantloupe {

TEST(KerasActivation, equalKeras)
{
    golden::expectEqualLayers("activation");
}

} // namespace quantloupe
