// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quantloupe {

/// One entry as the archive's central directory lists it.
struct ZipEntry {
    std::string name;
    std::uint64_t bytes = 0;       ///< unpacked
    std::uint64_t packedBytes = 0;
    std::uint16_t method = 0;      ///< 0 stored, 8 deflated
    std::uint16_t flags = 0;
    std::uint64_t offset = 0;      ///< of its local header in the file
};

/// Limits of what is opened; real archives have some 30 entries, 6 MB and a ratio of 17.
struct ZipLimits {
    static constexpr std::uint64_t kEntries = 10000;
    static constexpr std::uint64_t kEntryBytes = std::uint64_t{1} << 30;
    static constexpr std::uint64_t kTotalBytes = std::uint64_t{4} << 30;
    static constexpr std::uint64_t kEntryRatio = 1100;      ///< deflate itself ends at 1032
    static constexpr std::uint64_t kTotalRatio = 200;       ///< of all entries to the file, beyond kTotalSlack
    static constexpr std::uint64_t kTotalSlack = std::uint64_t{64} << 20;
    static constexpr std::size_t kNameLength = 255;
};

/// Reads the directory and refuses what no packer writes: overlapping entries, sizes beyond the limits, names that lead
/// out of a folder or mean the same file twice, encryption, anything before or after the archive.
/// Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.14-16.
Result<std::vector<ZipEntry>> readZipLayout(std::span<const std::byte> bytes);

} // namespace quantloupe
