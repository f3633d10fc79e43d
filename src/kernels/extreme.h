// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

namespace quantloupe {

enum class Extreme { Max, Min };

/// REDUCE_MAX and REDUCE_MIN. Codes compare as they are: input and output have one scale.
Result<EvalFunction> prepareReducedExtreme(PrepareContext &context, Extreme extreme);
/// ARG_MAX and ARG_MIN: the first position of the extreme along an axis.
Result<EvalFunction> prepareExtremePosition(PrepareContext &context, Extreme extreme);

} // namespace quantloupe
