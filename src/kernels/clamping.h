// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/pointwise.h"

namespace quantloupe {

/// RELU, RELU6, RELU_N1_TO_1 and RELU_0_TO_1 as operators of their own. `rescales` is false where the codes are clamped
/// as they are, in the input's quantization, whatever the output's is (TFLM's RELU6).
Result<EvalFunction> prepareClamping(PrepareContext &context, float min, float max, bool rescales = true);

} // namespace quantloupe
