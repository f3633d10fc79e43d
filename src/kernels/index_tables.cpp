// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/index_tables.h"

namespace quantloupe {

IndexTables::IndexTables(DataType type, std::vector<std::vector<std::ptrdiff_t>> tables, std::size_t inner)
    : m_tables(std::move(tables)), m_runBytes(inner * elementSize(type))
{
    for (auto &table : m_tables)
        for (std::ptrdiff_t &offset : table)
            offset *= static_cast<std::ptrdiff_t>(elementSize(type));
}

void IndexTables::gather(const std::byte *in, std::byte *out) const
{
    const auto copy = [&](std::ptrdiff_t own, std::ptrdiff_t other) { std::memcpy(out + own, in + other, m_runBytes); };
    std::ptrdiff_t own = 0;
    walk(0, 0, own, copy);
}

void IndexTables::scatter(const std::byte *in, std::byte *out) const
{
    const auto copy = [&](std::ptrdiff_t own, std::ptrdiff_t other) { std::memcpy(out + other, in + own, m_runBytes); };
    std::ptrdiff_t own = 0;
    walk(0, 0, own, copy);
}

} // namespace quantloupe
