// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/export.h"

#include "base/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

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

Result<void> writeWhole(const std::filesystem::path &path, std::string_view content)
{
    if (path != "-")
        return writeWhole(path, std::as_bytes(std::span(content)));
    if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size() || std::fflush(stdout) != 0)
        return fail(ErrorCode::FileNotWritable, {.file = "standard output", .got = std::strerror(errno)});
    return {};
}

} // namespace quantloupe
