// SPDX-License-Identifier: GPL-3.0-or-later
#include "dataset/npz.h"

#include <fmt/format.h>

namespace quantloupe {
namespace {

constexpr std::string_view kSuffix = ".npy";

} // namespace

Result<NpzArchive> NpzArchive::open(const std::filesystem::path &path)
{
    QL_TRY(ZipArchive archive, ZipArchive::open(path));
    return NpzArchive(std::move(archive));
}

std::vector<std::string> NpzArchive::names() const
{
    std::vector<std::string> names;
    for (const ZipEntry &entry : m_archive.entries())
        if (entry.name.ends_with(kSuffix))
            names.push_back(entry.name.substr(0, entry.name.size() - kSuffix.size()));
    return names;
}

bool NpzArchive::contains(std::string_view name) const
{
    return m_archive.contains(fmt::format("{}{}", name, kSuffix));
}

Result<NpyArray> NpzArchive::array(std::string_view name) const
{
    QL_TRY(const SharedBytes bytes, m_archive.read(fmt::format("{}{}", name, kSuffix)));
    return NpyArray::fromBytes(bytes, fmt::format("{}:{}", file(), name));
}

} // namespace quantloupe
