// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "graph/model.h"

#include <cstddef>
#include <span>

namespace quantloupe {

/// True where realValues() knows what an element means as a number.
bool hasRealForm(const Tensor &tensor);

/// The elements of a tensor as real numbers: scale * (code - zero point) with the scale of its channel where it has
/// scales, the plain number otherwise. `shape` is the one in use; `out` has as many elements. Asks hasRealForm() before.
void realValues(const Tensor &tensor, const Shape &shape, const std::byte *elements, std::span<float> out);

} // namespace quantloupe
