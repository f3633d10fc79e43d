// SPDX-License-Identifier: GPL-3.0-or-later
//
// ADD and SUB differ in a sign and in what the reference allows as scales.
#pragma once

#include "kernels/binary.h"

namespace quantloupe {

enum class Sign { Plus, Minus };
Result<EvalFunction> prepareSumOrDifference(PrepareContext &context, Sign sign);

} // namespace quantloupe
