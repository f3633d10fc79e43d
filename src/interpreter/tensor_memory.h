// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace quantloupe {

/// How long a tensor's elements are needed, counted in whatever steps a run has, and of how many samples at a time.
struct TensorLife {
    static constexpr std::size_t kForever = std::numeric_limits<std::size_t>::max();

    std::size_t samples = 0;
    std::size_t first = 0;
    std::size_t last = kForever;

    bool meets(const TensorLife &other) const { return first <= other.last && other.first <= last; }
};

struct MemoryBlock {
    std::size_t bytes = 0;
    TensorLife life;
    std::size_t offset = 0; ///< filled in
};

/// Places blocks so that those whose lives meet do not overlap, large ones first; each at a multiple of a cache line. Returns how
/// many bytes all of them take. Memory that is used again soon is still in the cache.
std::size_t placeBlocks(std::span<MemoryBlock> blocks);

} // namespace quantloupe
