// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"

#include <span>

namespace quantloupe {

/// Writes one sample in real values as the model input's type: floats as they are, codes as
/// round-to-nearest-even(x / scale + zero point) clipped to the type's range.
Result<void> quantizeInput(const Tensor &input, std::span<const float> values, std::span<std::byte> out);

} // namespace quantloupe
