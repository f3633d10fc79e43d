// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace quantloupe {

/// Bytes of a file or of an archive's entry, kept alive by everybody who points into them.
struct SharedBytes {
    std::shared_ptr<const void> owner;
    std::span<const std::byte> bytes;

    SharedBytes() = default;
    SharedBytes(std::shared_ptr<const void> owner_, std::span<const std::byte> bytes_) : owner(std::move(owner_)), bytes(bytes_) {}
    SharedBytes(std::shared_ptr<const std::vector<std::byte>> vector) : owner(vector), bytes(*vector) {}

    operator std::span<const std::byte>() const { return bytes; }
    std::size_t size() const { return bytes.size(); }
    const std::byte *data() const { return bytes.data(); }
};

} // namespace quantloupe
