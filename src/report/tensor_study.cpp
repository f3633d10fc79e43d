// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/tensor_study.h"

#include <algorithm>
#include <numeric>

namespace quantloupe {
namespace {

double shareOf(std::int64_t codes, const UsedCodes &usage)
{
    return usage.used == 0 ? 0.0 : static_cast<double>(codes) / static_cast<double>(usage.maxCode - usage.minCode + 1);
}

} // namespace

std::uint64_t Density::total() const
{
    return std::accumulate(counts.begin(), counts.end(), beyond);
}

Density Density::coarser(std::size_t mostCells) const
{
    const std::size_t byX = std::max<std::size_t>(1, (columns + mostCells - 1) / mostCells);
    const std::size_t byY = std::max<std::size_t>(1, (rows + mostCells - 1) / mostCells);
    Density result = *this;
    result.xWidth *= static_cast<double>(byX);
    result.yWidth *= static_cast<double>(byY);
    result.columns = (columns + byX - 1) / byX;
    result.rows = (rows + byY - 1) / byY;
    result.counts.assign(result.columns * result.rows, 0);
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            result.counts[row / byY * result.columns + column / byX] += at(column, row);
    return result;
}

double UsedCodes::unusedBelow() const
{
    return shareOf(lowest - minCode, *this);
}

double UsedCodes::unusedAbove() const
{
    return shareOf(maxCode - highest, *this);
}

} // namespace quantloupe
