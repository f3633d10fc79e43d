// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "dataset/array_source.h"
#include "graph/model.h"

#include <cstddef>
#include <vector>

namespace quantloupe {

/// The arrays that feed a graph's inputs: named as the inputs (with or without what converters put around a name:
/// "serving_default_x:0" is also "x"), or in0, in1, ...; with `allowX` also "x" for a graph of one input.
Result<std::vector<NpyArray>> inputArrays(const ArraySource &source, const Subgraph &graph, bool allowX);

/// How many samples arrays hold: the leading axis. Fails unless each of them has its input's shape, with or without its
/// batch axis of 1, and all have the same number of samples, one or more.
Result<std::size_t> countSamples(std::span<const NpyArray> arrays, const Subgraph &graph);

} // namespace quantloupe
