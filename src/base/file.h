// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/shared_bytes.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace quantloupe {

/// A regular file open for reading. Reads are by position, so threads can share one; nothing is mapped, since a mapped
/// file that somebody cuts short kills the process.
class File {
public:
    /// Refuses folders, devices, pipes and sockets (which would hang or never end).
    static Result<File> open(const std::filesystem::path &path);

    File(File &&other) noexcept;
    File &operator=(File &&other) noexcept;
    ~File();

    std::uint64_t size() const { return m_size; }
    const std::filesystem::path &path() const { return m_path; }
    /// Fills all of `out` from `offset`; fails where the file ends earlier.
    Result<void> read(std::uint64_t offset, std::span<std::byte> out) const;

private:
    File(int descriptor, std::uint64_t size, std::filesystem::path path);

    int m_descriptor = -1;
    std::uint64_t m_size = 0;
    std::filesystem::path m_path;
};

/// The whole of a regular file, 64-byte aligned.
Result<SharedBytes> readWhole(const std::filesystem::path &path, std::uint64_t maxBytes = std::uint64_t{1} << 32);

/// Writes aside in the same folder, then renames: under `path` there is always a whole file, the old or the new one.
/// Refuses targets that are no regular files (/dev/full, a folder). A symbolic link stays one.
Result<void> writeWhole(const std::filesystem::path &path, std::span<const std::byte> bytes);

} // namespace quantloupe
