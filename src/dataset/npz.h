// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "archive/zip_archive.h"
#include "dataset/array_source.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace quantloupe {

/// The arrays of a .npz (a zip archive of .npy files), stored or deflated. One thread at a time.
class NpzArchive : public ArraySource {
public:
    static Result<NpzArchive> open(const std::filesystem::path &path);

    const std::string &file() const override { return m_archive.file(); }
    /// Without ".npy", in the archive's order.
    std::vector<std::string> names() const override;
    bool contains(std::string_view name) const override;
    Result<NpyArray> array(std::string_view name) const override;

private:
    explicit NpzArchive(ZipArchive archive) : m_archive(std::move(archive)) {}

    ZipArchive m_archive;
};

} // namespace quantloupe
