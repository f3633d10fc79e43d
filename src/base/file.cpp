// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include "base/aligned_buffer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace quantloupe {
namespace {

tl::unexpected<Error> notReadable(const std::filesystem::path &path, std::string got, std::string expected = {})
{
    return fail(ErrorCode::FileNotReadable, {.file = path.string(), .expected = std::move(expected), .got = std::move(got)});
}

std::string errorText(int error)
{
    return std::error_code(error, std::generic_category()).message();
}

std::string_view kindName(mode_t mode)
{
    return S_ISDIR(mode) ? "a folder" : S_ISFIFO(mode) ? "a pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
}

} // namespace

File::File(int descriptor, std::uint64_t size, std::filesystem::path path) : m_descriptor(descriptor), m_size(size), m_path(std::move(path)) {}

File::File(File &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size), m_path(std::move(other.m_path)) {}

File &File::operator=(File &&other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_size, other.m_size);
    std::swap(m_path, other.m_path);
    return *this;
}

File::~File()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<File> File::open(const std::filesystem::path &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); // a pipe must not block
    if (descriptor < 0)
        return notReadable(path, errorText(errno));
    struct stat status = {};
    const bool isKnown = ::fstat(descriptor, &status) == 0;
    File file(descriptor, isKnown ? static_cast<std::uint64_t>(status.st_size) : 0, path);
    if (!isKnown)
        return notReadable(path, errorText(errno));
    if (!S_ISREG(status.st_mode))
        return notReadable(path, std::string(kindName(status.st_mode)), "a regular file");
    return file;
}

Result<void> File::read(std::uint64_t offset, std::span<std::byte> out) const
{
    while (!out.empty()) {
        const ssize_t count = ::pread(m_descriptor, out.data(), out.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return notReadable(m_path, errorText(errno));
        if (count == 0)
            return notReadable(m_path, fmt::format("its end at byte {}", offset), fmt::format("{} bytes more", out.size()));
        offset += static_cast<std::uint64_t>(count);
        out = out.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<SharedBytes> readWhole(const std::filesystem::path &path, std::uint64_t maxBytes)
{
    QL_TRY(const File file, File::open(path));
    if (file.size() > maxBytes)
        return fail(ErrorCode::FileTooLarge, {.file = path.string(), .expected = fmt::format("at most {} bytes", maxBytes), .got = fmt::format("{}", file.size())});
    std::shared_ptr<AlignedBuffer> buffer;
    try {
        buffer = std::make_shared<AlignedBuffer>(static_cast<std::size_t>(file.size()));
    } catch (const std::bad_alloc &) {
        return notReadable(path, fmt::format("no memory for {} bytes", file.size()));
    }
    QL_CHECK(file.read(0, {buffer->data(), buffer->size()}));
    return SharedBytes(buffer, {buffer->data(), buffer->size()});
}

} // namespace quantloupe
