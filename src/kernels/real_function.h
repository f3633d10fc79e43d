// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/pointwise.h"

namespace quantloupe {

/// An operator that is a function of real numbers: float as it is, integer codes by tables made from it in float.
/// `types` are the TypeSupport bits it runs for.
Result<EvalFunction> prepareRealFunction(PrepareContext &context, unsigned types, float (*function)(float));

} // namespace quantloupe
