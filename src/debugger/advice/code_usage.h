// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "metrics/histogram.h"

#include <cstddef>
#include <cstdint>

namespace quantloupe {

/// Fewer values say little about a distribution.
inline constexpr std::uint64_t kFewestValues = 1000;

/// Which bins of a tensor's grid are taken (a bin is a code of 8 bits, or 256 codes of 16).
struct CodeUsage {
    std::size_t codes = 0; ///< bins there are
    std::size_t first = 0; ///< smallest and largest bin that is taken
    std::size_t last = 0;
    std::size_t distinct = 0;
    std::uint64_t values = 0;

    double spanShare() const { return codes == 0 ? 0.0 : static_cast<double>(last - first + 1) / static_cast<double>(codes); }
};

inline CodeUsage codeUsage(const Histogram &histogram)
{
    CodeUsage usage;
    usage.codes = histogram.counts.size();
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        if (histogram.counts[i] == 0)
            continue;
        usage.first = usage.distinct == 0 ? i : usage.first;
        usage.last = i;
        ++usage.distinct;
        usage.values += histogram.counts[i];
    }
    return usage;
}

/// The bin that holds the value of a rank: bin(0.01) is where the lowest hundredth ends.
inline std::size_t quantileBin(const Histogram &histogram, std::uint64_t values, double share)
{
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        below += histogram.counts[i];
        if (static_cast<double>(below) > share * static_cast<double>(values))
            return i;
    }
    return histogram.counts.empty() ? 0 : histogram.counts.size() - 1;
}

} // namespace quantloupe
