// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace quantloupe {

/// Bytes of a file or of an archive's entry, kept alive by everybody who points into them.
struct SharedBytes {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;

    std::size_t size() const { return bytes.size(); }
    const std::byte *data() const { return bytes.data(); }
};

} // namespace quantloupe
