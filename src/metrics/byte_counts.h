// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace quantloupe {

/// How often each value of a byte was met.
using ByteCounts = std::array<std::uint64_t, 256>;

/// Counts bytes. Where a vector counts its bits (AVX-512 VPOPCNTDQ) that takes about half a cycle a byte, less when high bits are 0
/// everywhere, if bytes come by thousands; elsewhere a cycle and a half.
class ByteCounter {
public:
    void add(const std::uint8_t *bytes, std::size_t count);
    /// The counts of all bytes so far; then there are none.
    ByteCounts take();

private:
    ByteCounts m_counts{};
    ByteCounts m_supersets{}; ///< of how many further bytes all bits of the index are set
};

} // namespace quantloupe
