// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/pointwise.h"

namespace quantloupe {

/// What LOGISTIC and TANH differ in.
struct Squashing {
    float (*real)(float);
    float (*tableReal)(float);                    ///< for the 8-bit table
    std::int32_t (*fixedPointCode)(std::int32_t); ///< TFLM int8: from Q4.27 to the code of the fixed output scale
    std::int16_t (*int16Code)(std::int16_t, fixed_point::TableInput);
    int largestTableShift; ///< of int16 inputs whose power-of-two scale needs no multiplier: 2^(-12 + 0..this)
};

Result<EvalFunction> prepareSquashing(PrepareContext &context, const Squashing &function);

} // namespace quantloupe
