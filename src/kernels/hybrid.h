// SPDX-License-Identifier: GPL-3.0-or-later
//
// Dynamic-range ("hybrid") arithmetic: float activations are quantized to int8 on the spot to meet int8 weights.
// Semantics of tensorflow/lite/kernels/internal/reference/portable_tensor_utils.cc.
#pragma once

#include "kernels/kernel.h"

namespace quantloupe::hybrid {

struct Scaling {
    float scale = 1.0f;
    std::int32_t zeroPoint = 0;
};

/// Range widened to hold 0, 255 steps, zero point nudged to a code.
Scaling quantizeAsymmetric(const ProfileTraits &traits, const float *values, std::size_t count, std::int8_t *codes);
/// Range +-max|x|, 127 steps each way.
Scaling quantizeSymmetric(const float *values, std::size_t count, std::int8_t *codes);

/// One scale per output channel, repeated when the weights have one for all.
Result<std::vector<float>> weightScales(const PrepareContext &context, std::size_t input, std::size_t channels);

} // namespace quantloupe::hybrid
