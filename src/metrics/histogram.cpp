// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/histogram.h"

#include <numeric>

namespace quantloupe {

std::uint64_t Histogram::total() const
{
    return std::accumulate(counts.begin(), counts.end(), below + above);
}

} // namespace quantloupe
