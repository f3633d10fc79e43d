// SPDX-License-Identifier: GPL-3.0-or-later
#include "metrics/grid_histogram.h"

#include <iterator>

namespace quantloupe {

CodeGrid CodeGrid::of(float scale, std::int64_t zeroPoint, std::int64_t minCode, std::int64_t maxCode)
{
    return {static_cast<double>(scale), zeroPoint, minCode, static_cast<int>((maxCode - minCode + GridHistogram::kBins) / GridHistogram::kBins)};
}

void GridHistogram::merge(const GridHistogram &other)
{
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        m_counts[i] += other.m_counts[i];
    m_below += other.m_below;
    m_above += other.m_above;
}

Histogram GridHistogram::histogram(const CodeGrid &grid) const
{
    const double width = grid.scale * grid.codesPerBin;
    return {(static_cast<double>(grid.minCode - grid.zeroPoint) - 0.5) * grid.scale, width, {std::begin(m_counts), std::end(m_counts)}, m_below, m_above};
}

} // namespace quantloupe
