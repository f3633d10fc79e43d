// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/data_type.h"
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// Gathers arrays and writes them as one deflated .npz. The same arrays give the same bytes: no times are stored.
class NpzWriter {
public:
    /// `elements` in C order and this machine's byte order.
    Result<void> add(const std::string &name, DataType type, std::span<const std::uint64_t> shape, std::span<const std::byte> elements);

    /// Writes aside and renames, so that `path` never holds a part.
    Result<void> write(const std::filesystem::path &path) const;

private:
    struct Entry {
        std::string name;
        std::vector<std::byte> npy;
    };
    std::vector<Entry> m_entries;
};

} // namespace quantloupe
