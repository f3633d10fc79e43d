// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace quantloupe {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> notWritable(const fs::path &path, std::string got, std::string expected = {})
{
    return fail(ErrorCode::FileNotWritable, {.file = path.string(), .expected = std::move(expected), .got = std::move(got)});
}

std::string errorText(int error)
{
    return std::error_code(error, std::generic_category()).message();
}

/// A file that is removed again unless it is renamed to its final name.
class FileAside {
public:
    explicit FileAside(const fs::path &target) : m_target(target) {}
    FileAside(const FileAside &) = delete;
    FileAside &operator=(const FileAside &) = delete;
    ~FileAside()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        if (!m_path.empty())
            ::unlink(m_path.c_str());
    }

    bool create(mode_t mode)
    {
        for (int attempt = 0; attempt < 100; ++attempt) {
            fs::path path = m_target.parent_path() / fmt::format(".{}.{}-{}", m_target.filename().string(), ::getpid(), attempt);
            m_descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
            if (m_descriptor >= 0)
                m_path = std::move(path);
            if (m_descriptor >= 0 || errno != EEXIST)
                break;
        }
        return m_descriptor >= 0;
    }

    bool write(std::span<const std::byte> bytes)
    {
        while (!bytes.empty()) {
            const ssize_t count = ::write(m_descriptor, bytes.data(), bytes.size());
            if (count < 0 && errno != EINTR)
                return false;
            bytes = bytes.subspan(static_cast<std::size_t>(count < 0 ? 0 : count));
        }
        return true;
    }

    bool finish()
    {
        if (::fsync(m_descriptor) != 0 || ::close(std::exchange(m_descriptor, -1)) != 0 || ::rename(m_path.c_str(), m_target.c_str()) != 0)
            return false;
        m_path.clear();
        return true;
    }

private:
    fs::path m_target;
    fs::path m_path;
    int m_descriptor = -1;
};

} // namespace

Result<void> writeWhole(const fs::path &path, std::span<const std::byte> bytes)
{
    std::error_code ignored;
    const fs::path target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : path;
    mode_t mode = 0666; // less what the user's umask takes away
    struct stat status = {};
    if (::stat(target.c_str(), &status) == 0) {
        if (!S_ISREG(status.st_mode))
            return notWritable(path, S_ISDIR(status.st_mode) ? "a folder" : "a device or pipe", "a regular file or a new name");
        mode = status.st_mode & 0777;
    }
    FileAside file(target);
    if (!file.create(mode) || !file.write(bytes) || !file.finish())
        return notWritable(path, errorText(errno));
    return {};
}

} // namespace quantloupe
