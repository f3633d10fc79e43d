// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel.h"

#include <cstddef>
#include <vector>

namespace quantloupe {

/// Elements that correspond between two tensors where steps are not enough (mirrored, blocked, resized axes): the element
/// at (i, j, ...) of the one, which is walked in order, meets the element at tables[0][i] + tables[1][j] + ... of the other.
class IndexTables {
public:
    /// One table per axis of the tensor that is walked; `inner` elements behind the last of them stay together.
    IndexTables(DataType type, std::vector<std::vector<std::ptrdiff_t>> tables, std::size_t inner);

    /// out, in order, from the elements of `in` that the tables name.
    void gather(const std::byte *in, std::byte *out) const;
    /// The elements of `in`, in order, to where the tables say.
    void scatter(const std::byte *in, std::byte *out) const;

private:
    template <typename F> void walk(std::size_t level, std::ptrdiff_t other, std::ptrdiff_t &own, F &f) const
    {
        if (level == m_tables.size()) {
            f(own, other);
            own += static_cast<std::ptrdiff_t>(m_runBytes);
            return;
        }
        for (const std::ptrdiff_t offset : m_tables[level])
            walk(level + 1, other + offset, own, f);
    }

    std::vector<std::vector<std::ptrdiff_t>> m_tables; ///< in bytes
    std::size_t m_runBytes;
};

} // namespace quantloupe
