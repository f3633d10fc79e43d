// SPDX-License-Identifier: GPL-3.0-or-later
#include "archive/zip_layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

namespace quantloupe {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kEnd = 0x06054b50;
constexpr std::uint32_t kEnd64 = 0x06064b50;
constexpr std::uint32_t kEnd64Locator = 0x07064b50;
constexpr std::size_t kLocalHeaderSize = 30;
constexpr std::size_t kDirectoryEntrySize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kEnd64LocatorSize = 20;
constexpr std::uint16_t kZip64Extra = 1;
constexpr std::uint16_t kEncrypted = 0x0001 | 0x0040 | 0x2000; // traditional, strong, masked headers

tl::unexpected<Error> damaged(std::string expected, std::string got = {})
{
    return fail(ErrorCode::ZipDamaged, {.expected = std::move(expected), .got = std::move(got)});
}

tl::unexpected<Error> unsafe(std::string_view entry, std::string expected, std::string got)
{
    return fail(ErrorCode::ZipUnsafe, {.place = fmt::format("entry {}", entry), .expected = std::move(expected), .got = std::move(got)});
}

/// Little-endian fields at a fixed place; the caller has checked that they are inside.
template <typename T> T field(std::span<const std::byte> bytes, std::uint64_t offset)
{
    T value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i)
        value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(bytes[static_cast<std::size_t>(offset) + i]) << (8 * i)));
    return value;
}

bool isInside(std::span<const std::byte> bytes, std::uint64_t offset, std::uint64_t size)
{
    return offset <= bytes.size() && size <= bytes.size() - offset;
}

struct Directory {
    std::uint64_t entries;
    std::uint64_t offset;
    std::uint64_t end; ///< where what follows it begins
};

/// The record whose comment reaches exactly to the end of the file; the comment may hold another one's signature.
std::optional<std::uint64_t> findEnd(std::span<const std::byte> bytes)
{
    constexpr std::uint64_t kLongestComment = 65535;
    for (std::uint64_t comment = 0; comment <= kLongestComment && comment + kEndSize <= bytes.size(); ++comment) {
        const std::uint64_t offset = bytes.size() - kEndSize - comment;
        if (field<std::uint32_t>(bytes, offset) == kEnd && field<std::uint16_t>(bytes, offset + 20) == comment)
            return offset;
    }
    return std::nullopt;
}

Result<Directory> readZip64End(std::span<const std::byte> bytes, std::uint64_t end)
{
    if (end < kEnd64LocatorSize || field<std::uint32_t>(bytes, end - kEnd64LocatorSize) != kEnd64Locator)
        return damaged("a zip64 locator before the end record");
    const auto offset = field<std::uint64_t>(bytes, end - kEnd64LocatorSize + 8);
    if (!isInside(bytes, offset, kEnd64Size) || field<std::uint32_t>(bytes, offset) != kEnd64)
        return damaged("a zip64 end record");
    return Directory{field<std::uint64_t>(bytes, offset + 32), field<std::uint64_t>(bytes, offset + 48), offset};
}

Result<Directory> findDirectory(std::span<const std::byte> bytes)
{
    const auto end = findEnd(bytes);
    if (!end)
        return damaged("an end record, which closes every zip archive", fmt::format("{} bytes without one", bytes.size()));
    Directory directory{field<std::uint16_t>(bytes, *end + 10), field<std::uint32_t>(bytes, *end + 16), *end};
    if (directory.entries == 0xffff || directory.offset == 0xffffffff) {
        QL_TRY(directory, readZip64End(bytes, *end));
    }
    if (directory.offset > directory.end)
        return damaged(fmt::format("a directory before byte {}", directory.end), fmt::format("one at {}", directory.offset));
    if (directory.entries > ZipLimits::kEntries)
        return fail(ErrorCode::ZipUnsafe, {.expected = fmt::format("at most {} entries", ZipLimits::kEntries), .got = fmt::format("{}", directory.entries)});
    return directory;
}

/// Sizes and offsets that do not fit 32 bits stand in an extra field, only those that are all ones, in this order.
Result<void> readZip64Extra(std::span<const std::byte> extra, ZipEntry &entry)
{
    std::array<std::uint64_t *, 3> wide{&entry.bytes, &entry.packedBytes, &entry.offset};
    std::uint64_t at = 0;
    while (isInside(extra, at, 4)) {
        const auto id = field<std::uint16_t>(extra, at);
        const auto size = field<std::uint16_t>(extra, at + 2);
        at += 4;
        if (!isInside(extra, at, size))
            return damaged("extra fields inside their record");
        std::uint64_t next = at;
        for (std::uint64_t *value : wide)
            if (id == kZip64Extra && *value == 0xffffffff && next + 8 <= at + size) {
                *value = field<std::uint64_t>(extra, next);
                next += 8;
            }
        at += size;
    }
    return {};
}

Result<ZipEntry> readEntry(std::span<const std::byte> bytes, std::uint64_t &at)
{
    if (!isInside(bytes, at, kDirectoryEntrySize) || field<std::uint32_t>(bytes, at) != kDirectoryEntry)
        return damaged(fmt::format("a directory entry at byte {}", at));
    const auto nameSize = field<std::uint16_t>(bytes, at + 28);
    const auto extraSize = field<std::uint16_t>(bytes, at + 30);
    const auto commentSize = field<std::uint16_t>(bytes, at + 32);
    const std::uint64_t nameAt = at + kDirectoryEntrySize;
    if (!isInside(bytes, nameAt, std::uint64_t{nameSize} + extraSize + commentSize))
        return damaged(fmt::format("a whole directory entry at byte {}", at));
    ZipEntry entry;
    entry.flags = field<std::uint16_t>(bytes, at + 8);
    entry.method = field<std::uint16_t>(bytes, at + 10);
    entry.packedBytes = field<std::uint32_t>(bytes, at + 20);
    entry.bytes = field<std::uint32_t>(bytes, at + 24);
    entry.offset = field<std::uint32_t>(bytes, at + 42);
    entry.name.assign(reinterpret_cast<const char *>(bytes.data()) + nameAt, nameSize);
    QL_CHECK(readZip64Extra(bytes.subspan(static_cast<std::size_t>(nameAt) + nameSize, extraSize), entry));
    at = nameAt + nameSize + extraSize + commentSize;
    return entry;
}

/// First byte of the local header and the one after the packed data.
struct Range {
    std::uint64_t begin;
    std::uint64_t end;
    const ZipEntry *entry;
};

Result<Range> rangeOf(const ZipEntry &entry, std::span<const std::byte> bytes, std::uint64_t directory)
{
    if (!isInside(bytes, entry.offset, kLocalHeaderSize) || field<std::uint32_t>(bytes, entry.offset) != kLocalHeader)
        return damaged(fmt::format("the header of {} at byte {}", entry.name, entry.offset));
    const std::uint64_t data = entry.offset + kLocalHeaderSize + field<std::uint16_t>(bytes, entry.offset + 26) + field<std::uint16_t>(bytes, entry.offset + 28);
    if (data > directory || entry.packedBytes > directory - data)
        return damaged(fmt::format("{} to end before the directory at byte {}", entry.name, directory), fmt::format("{} bytes at {}", entry.packedBytes, data));
    return Range{entry.offset, data + entry.packedBytes, &entry};
}

/// Bombs let many entries share the same packed bytes.
Result<void> checkOverlaps(const std::vector<ZipEntry> &entries, std::span<const std::byte> bytes, std::uint64_t directory)
{
    std::vector<Range> ranges;
    for (const ZipEntry &entry : entries) {
        QL_TRY(ranges.emplace_back(), rangeOf(entry, bytes, directory));
    }
    std::ranges::sort(ranges, {}, &Range::begin);
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].begin < ranges[i - 1].end)
            return unsafe(ranges[i].entry->name, "entries apart from each other", fmt::format("one that overlaps {}", ranges[i - 1].entry->name));
    return {};
}

Result<void> checkSizes(const std::vector<ZipEntry> &entries, std::uint64_t fileSize)
{
    std::uint64_t total = 0;
    for (const ZipEntry &entry : entries) {
        if (entry.bytes > ZipLimits::kEntryBytes)
            return unsafe(entry.name, fmt::format("at most {} bytes", ZipLimits::kEntryBytes), fmt::format("{}", entry.bytes));
        if (entry.bytes > ZipLimits::kEntryRatio * (entry.packedBytes + 1)) // packedBytes lies in the file: no overflow
            return unsafe(entry.name, fmt::format("to unpack to at most {} times its size", ZipLimits::kEntryRatio), fmt::format("{} bytes out of {}", entry.bytes, entry.packedBytes));
        total += entry.bytes;
    }
    if (total > std::min(ZipLimits::kTotalBytes, ZipLimits::kTotalRatio * fileSize + ZipLimits::kTotalSlack))
        return fail(ErrorCode::ZipUnsafe, {.expected = fmt::format("entries that fit a file of {} bytes", fileSize), .got = fmt::format("{} bytes unpacked", total)});
    return {};
}

bool leadsOutside(std::string_view name)
{
    const bool hasDrive = name.substr(1).starts_with(":/"); // "x:0.npy" is a tensor's name, not a drive
    if (name.starts_with('/') || name.find('\\') != name.npos || hasDrive)
        return true;
    while (!name.empty()) {
        const std::size_t slash = std::min(name.find('/'), name.size());
        const std::string_view part = name.substr(0, slash);
        if (part.empty() || part == "." || part == "..")
            return true;
        name.remove_prefix(std::min(slash + 1, name.size()));
    }
    return false;
}

Result<void> checkName(std::string_view name)
{
    if (name.empty() || name.size() > ZipLimits::kNameLength)
        return unsafe(name.substr(0, 40), fmt::format("a name of 1 to {} bytes", ZipLimits::kNameLength), fmt::format("{}", name.size()));
    if (name.find('\0') != name.npos)
        return unsafe(name, "a name without NUL", "one with it");
    if (leadsOutside(name))
        return unsafe(name, "a plain relative name", "one that may lead out of its folder");
    return {};
}

Result<void> checkNames(const std::vector<ZipEntry> &entries)
{
    std::set<std::string> seen;
    for (const ZipEntry &entry : entries) {
        QL_CHECK(checkName(entry.name));
        std::string folded = entry.name;
        std::ranges::transform(folded, folded.begin(), [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
        if (!seen.insert(std::move(folded)).second)
            return unsafe(entry.name, "different names", "the same one twice");
        if (entry.flags & kEncrypted)
            return unsafe(entry.name, "no encryption", "an encrypted entry");
    }
    return {};
}

} // namespace

Result<std::vector<ZipEntry>> readZipLayout(std::span<const std::byte> bytes)
{
    QL_TRY(const Directory directory, findDirectory(bytes));
    std::vector<ZipEntry> entries;
    std::uint64_t at = directory.offset;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        QL_TRY(entries.emplace_back(), readEntry(bytes.first(static_cast<std::size_t>(directory.end)), at));
    }
    if (at != directory.end)
        return damaged(fmt::format("the directory to end at byte {}", directory.end), fmt::format("{}", at));
    QL_CHECK(checkNames(entries));
    QL_CHECK(checkOverlaps(entries, bytes, directory.offset));
    QL_CHECK(checkSizes(entries, bytes.size()));
    return entries;
}

} // namespace quantloupe
