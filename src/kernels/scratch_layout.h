// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/aligned_buffer.h"

#include <cstddef>

namespace quantloupe {

/// A typed place in the scratch memory of an operator.
template <typename T> struct ScratchPlace {
    std::size_t offset = 0;
    T *in(std::byte *scratch) const { return reinterpret_cast<T *>(scratch + offset); }
};

/// Lays arrays out one after another, each at a cache line's start: prepare() adds them and asks for size() bytes.
class ScratchLayout {
public:
    template <typename T> ScratchPlace<T> add(std::size_t count)
    {
        const ScratchPlace<T> place{m_size};
        m_size += AlignedBuffer::padded(count * sizeof(T));
        return place;
    }
    std::size_t size() const { return m_size; }

private:
    std::size_t m_size = 0;
};

} // namespace quantloupe
