// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/tflite_builder.h"

namespace quantloupe::test {

/// x [1, edge, edge, 4] -> RELU -> PAD -> TRANSPOSE -> RESHAPE -> ADD of itself -> MEAN over positions -> [1, 4] -> five RELUs ->
/// LOGISTIC. In int8 the moving ones keep scale and zero point, unless `padScale` says otherwise.
inline TfliteBuilder wideNetwork(DataType type, std::int32_t edge, float padScale = 0.02f, std::int32_t padBefore = 1)
{
    TfliteBuilder b;
    const auto activation = [&](const char *name, std::vector<std::int32_t> shape, float scale, std::int64_t zeroPoint) {
        TensorSpec spec{.name = name, .shape = std::move(shape), .type = type};
        if (type == DataType::Int8) {
            spec.scales = {scale};
            spec.zeroPoints = {zeroPoint};
        }
        return b.tensor(spec);
    };
    const auto constant = [&](const char *name, std::vector<std::int32_t> shape, const std::vector<std::int32_t> &values) {
        return b.tensor({.name = name, .shape = std::move(shape), .type = DataType::Int32, .data = bytesOfValues(values)});
    };
    const std::int32_t padded = edge + 1;
    const auto x = activation("x", {1, edge, edge, 4}, 0.03f, 3);
    const auto relu = activation("relu", {1, edge, edge, 4}, 0.02f, -128);
    const auto pad = activation("pad", {1, padded, padded, 4}, padScale, -128);
    const auto transposed = activation("transposed", {1, padded, padded, 4}, 0.02f, -128);
    const auto flat = activation("flat", {1, padded * padded, 4}, 0.02f, -128);
    const auto sum = activation("sum", {1, padded * padded, 4}, 0.03f, -100);
    const auto mean = activation("mean", {1, 4}, 0.01f, -90);
    const auto probability = activation("probability", {1, 4}, 1.0f / 256.0f, -128);
    const auto paddings = constant("paddings", {4, 2}, {0, 0, padBefore, 1 - padBefore, 0, 1, 0, 0});
    const auto order = constant("order", {4}, {0, 2, 1, 3});
    const auto shape = constant("shape", {3}, {1, padded * padded, 4});
    const auto axis = constant("axis", {1}, {1});
    b.op(fbs::BuiltinOperator::RELU, {x}, {relu});
    b.op(fbs::BuiltinOperator::PAD, {relu, paddings}, {pad});
    b.op(fbs::BuiltinOperator::TRANSPOSE, {pad, order}, {transposed});
    b.op(fbs::BuiltinOperator::RESHAPE, {transposed, shape}, {flat});
    b.op(fbs::BuiltinOperator::ADD, {flat, flat}, {sum}, fbs::AddOptionsT{});
    b.op(fbs::BuiltinOperator::MEAN, {sum, axis}, {mean}, fbs::ReducerOptionsT{});
    auto last = mean;
    for (const char *const name : {"first", "second", "third", "fourth", "fifth"}) {
        const auto next = activation(name, {1, 4}, 0.01f, -90);
        b.op(fbs::BuiltinOperator::RELU, {last}, {next});
        last = next;
    }
    b.op(fbs::BuiltinOperator::LOGISTIC, {last}, {probability});
    b.ends({x}, {probability});
    return b;
}

} // namespace quantloupe::test
