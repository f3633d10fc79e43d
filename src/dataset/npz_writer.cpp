// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npz_writer.h"

#include "base/file.h"
#include "dataset/npy_header.h"

#include <fmt/format.h>
#include <memory>
#include <zip.h>

namespace quantloupe {
namespace {

constexpr zip_uint32_t kFastest = 1; // floats hardly shrink further on higher levels
constexpr zip_uint16_t kFirstDay = 0x21; // 1980-01-01, the earliest date of the format

struct FreeSource {
    void operator()(zip_source_t *source) const { zip_source_free(source); }
};
using Source = std::unique_ptr<zip_source_t, FreeSource>;

tl::unexpected<Error> notWritable(std::string_view why)
{
    return fail(ErrorCode::FileNotWritable, {.got = std::string(why)});
}

Result<void> addEntry(zip_t *archive, const std::string &name, std::span<const std::byte> bytes)
{
    zip_source_t *source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = source ? zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(source);
        return notWritable(zip_strerror(archive));
    }
    const auto at = static_cast<zip_uint64_t>(index);
    if (zip_set_file_compression(archive, at, ZIP_CM_DEFLATE, kFastest) != 0 || zip_file_set_dostime(archive, at, 0, kFirstDay, 0) != 0)
        return notWritable(zip_strerror(archive));
    return {};
}

Result<std::vector<std::byte>> contentOf(zip_source_t *source)
{
    zip_stat_t status;
    if (zip_source_stat(source, &status) != 0 || zip_source_open(source) != 0)
        return notWritable(zip_error_strerror(zip_source_error(source)));
    std::vector<std::byte> bytes(static_cast<std::size_t>(status.size));
    const zip_int64_t count = zip_source_read(source, bytes.data(), bytes.size());
    zip_source_close(source);
    if (count != static_cast<zip_int64_t>(bytes.size()))
        return notWritable(zip_error_strerror(zip_source_error(source)));
    return bytes;
}

} // namespace

Result<void> NpzWriter::add(const std::string &name, DataType type, std::span<const std::uint64_t> shape, std::span<const std::byte> elements)
{
    QL_TRY(const std::string header, npyHeaderText(type, shape));
    const auto start = std::as_bytes(std::span(header));
    Entry &entry = m_entries.emplace_back(Entry{name + ".npy", {}});
    entry.npy.reserve(start.size() + elements.size());
    entry.npy.insert(entry.npy.end(), start.begin(), start.end());
    entry.npy.insert(entry.npy.end(), elements.begin(), elements.end());
    return {};
}

Result<void> NpzWriter::write(const std::filesystem::path &path) const
{
    zip_error_t error;
    zip_error_init(&error);
    const Source target(zip_source_buffer_create(nullptr, 0, 0, &error));
    if (!target)
        return notWritable(zip_error_strerror(&error));
    zip_t *archive = zip_open_from_source(target.get(), ZIP_TRUNCATE, &error);
    if (!archive)
        return notWritable(zip_error_strerror(&error));
    zip_source_keep(target.get()); // the archive owns one reference, we the other
    for (const Entry &entry : m_entries) {
        if (auto added = addEntry(archive, entry.name, entry.npy); !added) {
            zip_discard(archive);
            return fail(added.error().inFile(path.string()));
        }
    }
    if (zip_close(archive) != 0) {
        auto failed = notWritable(zip_strerror(archive));
        zip_discard(archive);
        return failed;
    }
    QL_TRY(const auto bytes, contentOf(target.get()));
    return writeWhole(path, bytes);
}

} // namespace quantloupe
