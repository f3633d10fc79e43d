// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "archive/zip_layout.h"
#include "base/result.h"
#include "base/shared_bytes.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct zip;

namespace quantloupe {

/// By its first and last records, not by its name.
bool looksLikeZip(std::span<const std::byte> bytes);

/// A zip archive in memory. Entries are read to memory and never extracted to disk. One thread at a time.
class ZipArchive {
public:
    /// Refuses damaged archives (ZipDamaged) and those that no honest packer makes (ZipUnsafe, see readZipLayout).
    static Result<ZipArchive> open(const std::filesystem::path &path);
    /// `file` is what messages call it.
    static Result<ZipArchive> open(SharedBytes bytes, std::string file);

    const std::string &file() const { return m_file; }
    std::span<const ZipEntry> entries() const { return m_entries; }
    bool contains(std::string_view name) const;

    /// Unpacks one entry (stored or deflated) and checks its CRC.
    Result<SharedBytes> read(std::string_view name) const;

private:
    struct Close {
        void operator()(zip *archive) const;
    };
    ZipArchive(SharedBytes bytes, std::string file, std::vector<ZipEntry> entries) : m_bytes(std::move(bytes)), m_file(std::move(file)), m_entries(std::move(entries)) {}
    Result<void> openLibrary();
    Result<SharedBytes> readAt(std::size_t index) const;

    SharedBytes m_bytes; // outlives m_archive, which reads from it
    std::string m_file;
    std::vector<ZipEntry> m_entries;
    std::unique_ptr<zip, Close> m_archive;
};

} // namespace quantloupe
