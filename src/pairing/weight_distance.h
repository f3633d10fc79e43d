// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/model.h"

#include <optional>
#include <vector>

namespace quantloupe {

/// The real values of a constant: float32, float64 and float16 as they are, integers by their scales and zero points.
/// Empty for other types and for integers without a scale.
std::vector<float> realValues(const Tensor &tensor);

/// |q - f| / |f| over the first weights of at least 2 dimensions that both operators hold in the same place, q in real
/// values. Nothing when they have none to compare.
std::optional<double> weightDistance(const Subgraph &quantized, const Operator &q, const Subgraph &floats, const Operator &f);

} // namespace quantloupe
