// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace quantloupe {

/// Counts over equal bins: bin i holds lower + i * width <= x < lower + (i + 1) * width.
struct Histogram {
    double lower = 0.0;
    double width = 1.0;
    std::vector<std::uint64_t> counts;
    std::uint64_t below = 0;
    std::uint64_t above = 0;

    std::uint64_t total() const;
    bool operator==(const Histogram &) const = default;
};

} // namespace quantloupe
