// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dataset/array_source.h"
#include "hdf5/hdf5_file.h"

#include <filesystem>
#include <optional>

namespace quantloupe {

/// The arrays of a .h5, by their path without the leading slash ("x", "train/x"). Each is read when it is asked for.
class Hdf5Arrays : public ArraySource {
public:
    /// Reads what there is; fails with DatasetDamaged where libhdf5 cannot make sense of the file.
    static Result<Hdf5Arrays> open(const std::filesystem::path &path);

    const std::string &file() const override { return m_listing.file; }
    std::vector<std::string> names() const override;
    bool contains(std::string_view name) const override { return m_listing.arrays.contains(pathOf(name)); }
    Result<NpyArray> array(std::string_view name) const override;
    /// The one array of numbers that is no `y`; nothing where there are several.
    std::optional<std::string> onlyArray() const;

private:
    Hdf5Arrays(SharedBytes bytes, Hdf5File listing) : m_bytes(std::move(bytes)), m_listing(std::move(listing)) {}
    static std::string pathOf(std::string_view name) { return "/" + std::string(name); }

    SharedBytes m_bytes;
    Hdf5File m_listing;
};

} // namespace quantloupe
