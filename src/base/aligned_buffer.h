// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace quantloupe {

/// Uninitialised bytes at a 64-byte boundary (a cache line, and the widest vector register).
class AlignedBuffer {
public:
    static constexpr std::size_t kAlignment = 64;

    AlignedBuffer() = default;
    explicit AlignedBuffer(std::size_t size) : m_bytes(static_cast<std::byte *>(::operator new(size + 1, std::align_val_t{kAlignment}))), m_size(size) {}

    std::byte *data() const { return m_bytes.get(); }
    std::size_t size() const { return m_size; }

    /// Rounds a size up so that what follows it is aligned too.
    static constexpr std::size_t padded(std::size_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

private:
    struct Free {
        void operator()(std::byte *bytes) const { ::operator delete(bytes, std::align_val_t{kAlignment}); }
    };
    std::unique_ptr<std::byte, Free> m_bytes;
    std::size_t m_size = 0;
};

} // namespace quantloupe
