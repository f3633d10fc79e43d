// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/file.h"
#include "base/shared_bytes.h"
#include "dataset/npy_header.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace quantloupe {

bool looksLikeNpy(std::span<const std::byte> bytes);

/// The elements of a .npy in C order and this machine's byte order, in memory or read from the file as they are asked
/// for. Reading is thread-safe.
class NpyArray {
public:
    /// Elements stay in the file unless they are in Fortran order.
    static Result<NpyArray> open(const std::filesystem::path &path);
    /// `file` is what messages call it.
    static Result<NpyArray> fromBytes(const SharedBytes &bytes, const std::string &file);
    /// Of another format: exactly the elements of `shape`, in C order and this machine's byte order.
    static Result<NpyArray> fromElements(DataType type, std::vector<std::uint64_t> shape, SharedBytes elements, const std::string &file);

    const std::string &file() const { return m_file; }
    DataType type() const { return m_header.type; }
    std::span<const std::uint64_t> shape() const { return m_header.shape; }
    std::string shapeText() const { return m_header.shapeText(); }

    /// Elements from `first` on as they are stored; `out` must be a whole number of elements inside the array.
    Result<void> readBytes(std::uint64_t first, std::span<std::byte> out) const;
    /// The same as numbers, rounded to the nearest float32.
    Result<void> readReal(std::uint64_t first, std::span<float> out) const;

private:
    NpyHeader m_header;
    std::string m_file;
    std::shared_ptr<const File> m_source; ///< null when the elements are in memory
    SharedBytes m_elements;
};

} // namespace quantloupe
