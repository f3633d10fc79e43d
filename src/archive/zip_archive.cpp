// SPDX-License-Identifier: GPL-3.0-or-later
#include "archive/zip_archive.h"

#include "base/aligned_buffer.h"
#include "base/file.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <new>
#include <zip.h>

namespace quantloupe {
namespace {

constexpr std::uint64_t kMaxFileSize = std::uint64_t{2} << 30;

tl::unexpected<Error> damaged(std::string got)
{
    return fail(ErrorCode::ZipDamaged, {.got = std::move(got)});
}

std::string textOf(zip_error_t *error)
{
    std::string text = zip_error_strerror(error);
    zip_error_fini(error);
    return text;
}

struct CloseEntry {
    void operator()(zip_file_t *entry) const { zip_fclose(entry); }
};

/// Reads exactly `out`, and then the end, where the library compares the CRC.
Result<void> unpack(zip_file_t *entry, std::span<std::byte> out)
{
    std::size_t done = 0;
    while (done < out.size()) {
        const zip_int64_t count = zip_fread(entry, out.data() + done, out.size() - done);
        if (count < 0)
            return damaged(zip_file_strerror(entry));
        if (count == 0)
            return damaged(fmt::format("{} bytes instead of {}", done, out.size()));
        done += static_cast<std::size_t>(count);
    }
    std::byte beyond{};
    const zip_int64_t count = zip_fread(entry, &beyond, 1);
    if (count < 0)
        return damaged(zip_file_strerror(entry));
    if (count > 0)
        return damaged(fmt::format("more than {} bytes", out.size()));
    return {};
}

} // namespace

bool looksLikeZip(std::span<const std::byte> bytes)
{
    return bytes.size() >= 4 && (std::memcmp(bytes.data(), "PK\x03\x04", 4) == 0 || std::memcmp(bytes.data(), "PK\x05\x06", 4) == 0);
}

void ZipArchive::Close::operator()(zip *archive) const
{
    zip_discard(archive);
}

Result<ZipArchive> ZipArchive::open(const std::filesystem::path &path)
{
    QL_TRY(SharedBytes bytes, readWhole(path, kMaxFileSize));
    return open(std::move(bytes), path.string());
}

Result<ZipArchive> ZipArchive::open(SharedBytes bytes, std::string file)
{
    auto entries = readZipLayout(bytes);
    if (!entries)
        return fail(entries.error().inFile(file));
    ZipArchive archive(std::move(bytes), std::move(file), std::move(*entries));
    if (auto opened = archive.openLibrary(); !opened)
        return fail(opened.error().inFile(archive.m_file));
    return archive;
}

Result<void> ZipArchive::openLibrary()
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(m_bytes.data(), m_bytes.size(), 0, &error);
    if (!source)
        return damaged(textOf(&error));
    m_archive.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error));
    if (!m_archive) {
        zip_source_free(source);
        return damaged(textOf(&error));
    }
    // The library must have read the same directory as we checked.
    if (zip_get_num_entries(m_archive.get(), 0) != static_cast<zip_int64_t>(m_entries.size()))
        return damaged("a directory that can be read in two ways");
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        zip_stat_t status;
        if (zip_stat_index(m_archive.get(), i, ZIP_FL_ENC_RAW, &status) != 0 || status.name != m_entries[i].name || status.size != m_entries[i].bytes
            || status.comp_size != m_entries[i].packedBytes || status.encryption_method != ZIP_EM_NONE)
            return damaged("a directory that can be read in two ways");
    }
    return {};
}

bool ZipArchive::contains(std::string_view name) const
{
    return std::ranges::find(m_entries, name, &ZipEntry::name) != m_entries.end();
}

Result<SharedBytes> ZipArchive::read(std::string_view name) const
{
    const auto found = std::ranges::find(m_entries, name, &ZipEntry::name);
    if (found == m_entries.end())
        return fail(ErrorCode::ZipEntryMissing, {.file = m_file, .expected = std::string(name)});
    auto bytes = readAt(static_cast<std::size_t>(found - m_entries.begin()));
    if (!bytes)
        return fail(bytes.error().inFile(fmt::format("{}:{}", m_file, name)));
    return bytes;
}

Result<SharedBytes> ZipArchive::readAt(std::size_t index) const
{
    const ZipEntry &entry = m_entries[index];
    if (entry.method != ZIP_CM_STORE && entry.method != ZIP_CM_DEFLATE)
        return fail(ErrorCode::ZipUnsafe, {.expected = "a stored or deflated entry", .got = fmt::format("method {}", entry.method)});
    const std::unique_ptr<zip_file_t, CloseEntry> opened(zip_fopen_index(m_archive.get(), index, 0));
    if (!opened)
        return damaged(zip_strerror(m_archive.get()));
    std::shared_ptr<AlignedBuffer> buffer;
    try {
        buffer = std::make_shared<AlignedBuffer>(static_cast<std::size_t>(entry.bytes));
    } catch (const std::bad_alloc &) {
        return damaged(fmt::format("no memory for {} bytes", entry.bytes));
    }
    QL_CHECK(unpack(opened.get(), {buffer->data(), buffer->size()}));
    return SharedBytes(buffer, {buffer->data(), buffer->size()});
}

} // namespace quantloupe
