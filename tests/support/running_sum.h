// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/tflite_builder.h"

namespace quantloupe::test {

/// sum = x + h. In int8 every scale is 0.25, so that sums are exact until int8 ends at 31.75.
inline TfliteBuilder runningSum(DataType type)
{
    TfliteBuilder b;
    const auto add = [&](const char *name) {
        TensorSpec spec{.name = name, .shape = {1, 1}, .type = type};
        if (type == DataType::Int8) {
            spec.scales = {0.25f};
            spec.zeroPoints = {0};
        }
        return b.tensor(spec);
    };
    const auto x = add("x"), h = add("h"), sum = add("sum");
    b.op(fbs::BuiltinOperator::ADD, {x, h}, {sum}, fbs::AddOptionsT{});
    b.ends({x, h}, {sum});
    return b;
}

} // namespace quantloupe::test
