// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/reduction.h"

namespace quantloupe {

enum class ReducedTo { Mean, Sum };

/// MEAN and SUM of quantized values: int32 sums, requantized with the division by the count folded into the multiplier.
/// Code, int8, uint8 or int16, is how the elements are read and how wide the result's range is. `plan.reduced` is at least 1.
template <typename Code> Result<EvalFunction> meanOrSumOfCodes(PrepareContext &context, Reduction plan, ReducedTo kind);

} // namespace quantloupe
