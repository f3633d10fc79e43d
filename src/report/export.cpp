// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace quantloupe {

#define QL_ITEM(item) extern const Exporter item##_exporter;
#include "registry/exporters.inc"
#undef QL_ITEM

std::span<const Exporter *const> exporters()
{
#define QL_ITEM(item) &item##_exporter,
    static constexpr const Exporter *kExporters[] = {
#include "registry/exporters.inc"
    };
#undef QL_ITEM
    return kExporters;
}

const Exporter *findExporter(std::string_view name)
{
    const auto all = exporters();
    const auto found = std::ranges::find(all, name, [](const Exporter *exporter) { return exporter->name; });
    return found == all.end() ? nullptr : *found;
}

namespace {

bool writeAll(int descriptor, std::string_view content)
{
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

tl::unexpected<Error> notWritable(const std::filesystem::path &path)
{
    return fail(ErrorCode::FileNotWritable, {.file = path.string(), .got = std::strerror(errno)});
}

} // namespace

Result<void> writeWhole(const std::filesystem::path &path, std::string_view content)
{
    if (path == "-") {
        if (!writeAll(STDOUT_FILENO, content))
            return notWritable("standard output");
        return {};
    }
    // Follow a link, so that it stays one; refuse devices and the like, which rename() would replace.
    std::error_code error;
    const auto target = std::filesystem::weakly_canonical(path, error);
    struct stat status {};
    const bool exists = ::stat(target.c_str(), &status) == 0;
    if (error || (exists && !S_ISREG(status.st_mode)))
        return fail(ErrorCode::FileNotWritable, {.file = path.string(), .expected = "a regular file", .got = "something else of that name"});

    std::string aside = (target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string();
    const int descriptor = ::mkstemp(aside.data());
    if (descriptor < 0)
        return notWritable(path);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    bool isWritten = ::fchmod(descriptor, exists ? status.st_mode & 07777 : 0666 & ~mask) == 0 && writeAll(descriptor, content) && ::fsync(descriptor) == 0;
    isWritten &= ::close(descriptor) == 0;
    if (!isWritten || ::rename(aside.c_str(), target.c_str()) != 0) {
        const int reason = errno;
        ::unlink(aside.c_str());
        errno = reason;
        return notWritable(path);
    }
    return {};
}

} // namespace quantloupe
