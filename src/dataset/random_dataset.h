// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/dataset.h"
#include "graph/model.h"

#include <cstdint>
#include <memory>

namespace quantloupe {

/// Standard normal values where there is no data. A sample depends on the seed and its own number only, and is the same
/// to the bit on every machine: SplitMix64 gives the bits, Marsaglia's polar method the normal values, with a logarithm
/// of our own since the C library's may differ in the last bit.
std::shared_ptr<const Dataset> makeRandomDataset(std::size_t samples, std::uint64_t seed, const Subgraph &graph, const Feedback &feedback);

} // namespace quantloupe
